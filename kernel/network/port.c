// SPDX-License-Identifier: MIT
#include "kernel/network/port.h"

#include "kernel/defence.h"
#include "kernel/domain/tenant.h"
#include "kernel/mem/space.h"
#include "kernel/mem/window.h"
#include "kernel/sched/thread.h"

#include <stddef.h>
#include <string.h>

static struct network_ring *ring_of(const struct port *port) {
    return window_map(WINDOW_RING, port->binding->ring);
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static bool is_attached(const struct port *port) {
    return port->binding->ring != NO_FRAME_T;
}

/* Where the buffer lies, `bytes` of it; NULL: nowhere that the tenant may name. */
static uint8_t *buffer_at(const struct port *port, const struct network_buffer *buffer,
                          uint32_t bytes, enum window_slot window) {
    if (DEFENCE_NETWORK_BUFFER_BOUND && buffer->offset + bytes > PAGE_SIZE)
        return NULL;
    frame_t frame = tenant_frame(port->binding->tenant, buffer->frame);
    return frame == NO_FRAME_T ? NULL : (uint8_t *)window_map(window, frame) + buffer->offset;
}

/* ---- Sending ---- */

static bool is_waiting(const struct port *port, const volatile struct network_ring *ring) {
    return ring->transmit_tail - port->transmit_head - 1 < NETWORK_ENTRIES;
}

bool port_has_frames(const struct port *port) {
    return is_attached(port) && is_waiting(port, ring_of(port));
}

bool port_peek(struct port *port, struct outgoing *frame) {
    if (!port_has_frames(port))
        return false;
    struct network_buffer buffer = *(volatile struct network_buffer *)&ring_of(port)
                                        ->transmit[port->transmit_head % NETWORK_ENTRIES];
    bool is_frame = buffer.bytes >= NETWORK_FRAME_LEAST && buffer.bytes <= NETWORK_FRAME_MOST;
    frame->data = is_frame ? buffer_at(port, &buffer, buffer.bytes, WINDOW_NETWORK_SOURCE) : NULL;
    frame->bytes = frame->data != NULL ? buffer.bytes : 0;
    if (frame->data != NULL)
        memcpy(frame->header, frame->data, smaller(frame->bytes, HEADER_BYTES));
    return true;
}

void port_advance(struct port *port) {
    port->transmit_head++;
    __atomic_store_n(&ring_of(port)->transmit_head, port->transmit_head, __ATOMIC_RELEASE);
}

/* ---- Receiving ---- */

/* The next entry is used up; `bytes`: what it says of them. */
static void fill_entry(struct port *port, uint32_t bytes) {
    struct network_ring *ring = ring_of(port);
    ring->receive[port->receive_head % NETWORK_ENTRIES].bytes = (uint16_t)bytes;
    uint32_t seen = *(volatile uint32_t *)&ring->receive_seen;
    port->must_tell |= seen == port->receive_head;
    port->receive_head++;
    __atomic_store_n(&ring->receive_head, port->receive_head, __ATOMIC_RELEASE);
}

/* The next buffer if it holds `bytes`; an entry that cannot be used is used up. */
static uint8_t *next_room(struct port *port, uint32_t bytes) {
    if (!is_attached(port))
        return NULL;
    volatile struct network_ring *ring = ring_of(port);
    if (ring->receive_tail - port->receive_head - 1 >= NETWORK_ENTRIES)
        return NULL;
    struct network_buffer buffer =
        *(volatile struct network_buffer *)&ring->receive[port->receive_head % NETWORK_ENTRIES];
    uint8_t *room = NULL;
    if (buffer.bytes >= bytes)
        room = buffer_at(port, &buffer, bytes, WINDOW_NETWORK_TARGET);
    if (room == NULL)
        fill_entry(port, 0);
    return room;
}

void port_deliver(struct port *port, const struct incoming *frame, uint64_t now) {
    bool may = limit_ready_at(&port->receive_limit) <= now;
    uint8_t *room = may ? next_room(port, frame->bytes) : NULL;
    if (room == NULL) {
        port->received.dropped++;
        return;
    }
    uint32_t copied = frame->header_bytes;
    memcpy(room, frame->header, copied);
    memcpy(room + copied, frame->data + copied, frame->bytes - copied);
    fill_entry(port, frame->bytes | (frame->is_inside ? NETWORK_INSIDE : 0));
    limit_charge(&port->receive_limit, now, frame->bytes);
    port->received.frames++;
    port->received.bytes += frame->bytes;
}

void port_tell(struct port *port) {
    if (!port->must_tell)
        return;
    port->must_tell = false;
    tenant_event_at(port->binding->tenant, MANAGER_WINDOW + port->binding->ring_index * PAGE_SIZE +
                                               offsetof(struct network_ring, receive_head));
}
