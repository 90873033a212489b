// SPDX-License-Identifier: MIT
#include "domains/linux/network/card.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "kernel/abi/layout.h"

#include "kernel/abi/io.h"

#include <lwip/pbuf.h>

#define BUFFERS_A_FRAME (PAGE_SIZE / NETWORK_BUFFER_BYTES)
#define RECEIVE_BUFFERS 32u
#define ETHERNET_LEAST  60u /* bytes of a frame, without its checksum */
#define SEND_BUFFERS    16u
#define RECEIVE_FRAMES  (RECEIVE_BUFFERS / BUFFERS_A_FRAME)
#define SEND_FRAMES     (SEND_BUFFERS / BUFFERS_A_FRAME)

static struct {
    const struct information_device *device;
    struct network_ring *ring;
    uint32_t receive_frames[RECEIVE_FRAMES], send_frames[SEND_FRAMES];
    uint32_t received; /* taken from the ring */
    uint32_t receive_tail, send_tail;
    struct card_counters counters;
} card;

const struct information_device *card_granted(void) {
    /* The core writes what it says of devices before the manager runs, and never again. */
    const struct tenant_information *told = (const struct tenant_information *)information();
    for (uint32_t n = 0; n < told->device_count; n++)
        if (told->devices[n].class == DEVICE_NETWORK)
            return &told->devices[n];
    return NULL;
}

const struct card_counters *card_counters(void) {
    return &card.counters;
}

/* ---- Buffers ---- */

static struct network_buffer describe(const uint32_t *frames, uint32_t number, uint32_t bytes) {
    return (struct network_buffer){
        .frame = frames[number / BUFFERS_A_FRAME],
        .offset = (uint16_t)(number % BUFFERS_A_FRAME * NETWORK_BUFFER_BYTES),
        .bytes = (uint16_t)bytes,
    };
}

static uint8_t *address(const uint32_t *frames, uint32_t number) {
    return (uint8_t *)frame_pointer(frames[number / BUFFERS_A_FRAME]) +
           number % BUFFERS_A_FRAME * NETWORK_BUFFER_BYTES;
}

static bool take_frames(uint32_t *frames, uint32_t count) {
    for (uint32_t n = 0; n < count; n++)
        if ((frames[n] = frame_allocate()) == NO_FRAME)
            return false;
    return true;
}

static void offer(void) {
    card.ring->receive[card.receive_tail % NETWORK_ENTRIES] =
        describe(card.receive_frames, card.receive_tail % RECEIVE_BUFFERS, NETWORK_BUFFER_BYTES);
    __atomic_store_n(&card.ring->receive_tail, ++card.receive_tail, __ATOMIC_RELEASE);
}

int card_start(const struct information_device *device) {
    uint32_t frame = frame_allocate();
    if (frame == NO_FRAME || !take_frames(card.receive_frames, RECEIVE_FRAMES) ||
        !take_frames(card.send_frames, SEND_FRAMES))
        return -ENOMEM;
    card.device = device;
    card.ring = frame_pointer(frame);
    if (io_attach(device->device, frame) != STATUS_OK)
        return -EIO;
    while (card.receive_tail < RECEIVE_BUFFERS)
        offer();
    return 0;
}

/* ---- Frames ---- */

/* With zeros up to the least that Ethernet has: lwIP looks at headers before it looks at the length. */
static struct pbuf *make_frame(uint32_t bytes) {
    if (bytes < NETWORK_FRAME_LEAST || bytes > NETWORK_FRAME_MOST)
        return NULL;
    uint32_t padded = bytes < ETHERNET_LEAST ? ETHERNET_LEAST : bytes;
    struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)padded, PBUF_RAM);
    if (frame != NULL)
        memset((uint8_t *)frame->payload + bytes, 0, padded - bytes);
    return frame;
}

/* The frame in the next buffer that the core has filled. */
static struct pbuf *copy_next(void) {
    uint32_t number = card.received % RECEIVE_BUFFERS;
    uint32_t bytes = card.ring->receive[card.received % NETWORK_ENTRIES].bytes;
    struct pbuf *frame = make_frame(bytes);
    if (frame == NULL || pbuf_take(frame, address(card.receive_frames, number), (u16_t)bytes)) {
        card.counters.received_dropped++;
        return NULL;
    }
    card.counters.received_frames++;
    card.counters.received_bytes += bytes;
    return frame;
}

/* To be told of the next one, the core has to know how far this one has come; then there may be more already. */
static bool has_more(void) {
    uint32_t *head = &card.ring->receive_head;
    if (card.received != __atomic_load_n(head, __ATOMIC_ACQUIRE))
        return true;
    __atomic_store_n(&card.ring->receive_seen, card.received, __ATOMIC_SEQ_CST);
    return card.received != __atomic_load_n(head, __ATOMIC_SEQ_CST);
}

struct pbuf *card_receive(void) {
    while (card.ring != NULL && has_more()) {
        struct pbuf *frame = copy_next();
        card.received++;
        offer();
        if (frame != NULL)
            return frame;
    }
    return NULL;
}

bool card_send(const struct pbuf *frame) {
    uint32_t head = __atomic_load_n(&card.ring->transmit_head, __ATOMIC_ACQUIRE);
    if (card.send_tail - head >= SEND_BUFFERS || frame->tot_len > NETWORK_FRAME_MOST) {
        card.counters.sent_dropped++;
        return false;
    }
    uint32_t number = card.send_tail % SEND_BUFFERS;
    pbuf_copy_partial(frame, address(card.send_frames, number), frame->tot_len, 0);
    card.ring->transmit[card.send_tail % NETWORK_ENTRIES] =
        describe(card.send_frames, number, frame->tot_len);
    __atomic_store_n(&card.ring->transmit_tail, ++card.send_tail, __ATOMIC_RELEASE);
    card.counters.sent_frames++;
    card.counters.sent_bytes += frame->tot_len;
    io_submit(card.device->device);
    return true;
}
