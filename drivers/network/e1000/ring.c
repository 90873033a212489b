// SPDX-License-Identifier: MIT
#include "drivers/network/e1000/ring.h"

#include "drivers/lib/network.h"
#include "drivers/network/e1000/register.h"

#include <stdatomic.h>

#define ENTRIES 64u /* more than DRIVER_DEPTH, so that a ring is never full; 128 bytes divide it */

#define SEND_COMMAND (1u << 0 | 1u << 1 | 1u << 3) /* the frame's end; add the CRC; report */
#define STATUS_DONE  1u
#define STATUS_END   2u /* of the frame */

/* The legacy format; the two directions differ in the words behind the length. */
struct descriptor {
    uint64_t address;
    uint16_t bytes;
    uint8_t checksum_offset, command; /* received: a checksum */
    uint8_t status, errors;
    uint16_t special;
};

_Static_assert(sizeof(struct descriptor) == 16, "the card's layout");
_Static_assert(2 * ENTRIES * sizeof(struct descriptor) <= RING_FRAMES * PAGE_SIZE, "both fit");

struct ring {
    uint32_t registers;
    volatile struct descriptor *descriptors;
    uint32_t next, tail; /* run freely */
    uint8_t ids[ENTRIES];
    uint16_t bytes[ENTRIES];
};

static struct ring receives = {.registers = RECEIVE_RING}, sends = {.registers = TRANSMIT_RING};

static void lay_out(struct ring *ring, uint32_t offset) {
    uint64_t bus = driver_information()->dma_bus_address + offset;
    ring->descriptors = (volatile struct descriptor *)(DRIVER_DMA + offset);
    ring->next = ring->tail = 0;
    register_write(ring->registers + RING_ADDRESS_LOW, (uint32_t)bus);
    register_write(ring->registers + RING_ADDRESS_HIGH, (uint32_t)(bus >> 32));
    register_write(ring->registers + RING_BYTES, ENTRIES * (uint32_t)sizeof(struct descriptor));
    register_write(ring->registers + RING_HEAD, 0);
    register_write(ring->registers + RING_TAIL, 0);
}

void rings_lay_out(void) {
    __builtin_memset((void *)DRIVER_DMA, 0, RING_FRAMES * PAGE_SIZE);
    lay_out(&receives, 0);
    lay_out(&sends, ENTRIES * sizeof(struct descriptor));
}

static void offer(struct ring *ring, const struct driver_request *request, uint8_t command) {
    uint32_t place = ring->tail % ENTRIES;
    volatile struct descriptor *descriptor = &ring->descriptors[place];
    ring->ids[place] = (uint8_t)request->id;
    ring->bytes[place] = (uint16_t)request->bytes;
    descriptor->address = request->segments[0].bus_address;
    descriptor->bytes = (uint16_t)request->bytes;
    descriptor->checksum_offset = 0;
    descriptor->command = command;
    descriptor->status = descriptor->errors = 0;
    ring->tail++;
    atomic_thread_fence(memory_order_seq_cst);
    register_write(ring->registers + RING_TAIL, ring->tail % ENTRIES);
}

void ring_receive(const struct driver_request *request) {
    offer(&receives, request, 0);
}

void ring_send(const struct driver_request *request) {
    offer(&sends, request, SEND_COMMAND);
}

bool ring_sends(void) {
    return sends.next != sends.tail;
}

/* The next descriptor that the card is done with; false: none. */
static bool take(struct ring *ring, uint32_t *place) {
    *place = ring->next % ENTRIES;
    if (ring->next == ring->tail || !(ring->descriptors[*place].status & STATUS_DONE))
        return false;
    atomic_thread_fence(memory_order_acquire);
    ring->next++;
    return true;
}

/* One that is damaged, or longer than its buffer, is given up. */
static void received(uint32_t place) {
    const volatile struct descriptor *descriptor = &receives.descriptors[place];
    bool is_whole = (descriptor->status & STATUS_END) != 0 && descriptor->errors == 0;
    network_received(receives.ids[place], is_whole ? descriptor->bytes : 0);
}

void rings_collect(void) {
    uint32_t place;
    while (take(&sends, &place))
        loop_complete(sends.ids[place], STATUS_OK, sends.bytes[place]);
    while (take(&receives, &place))
        received(place);
}
