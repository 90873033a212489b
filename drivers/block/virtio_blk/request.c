// SPDX-License-Identifier: MIT
/* See request.h; the format of the exchange is virtio 1.1, section 5.2.6. */
#include "drivers/block/virtio_blk/request.h"

#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/loop.h"
#include "drivers/lib/virtio/virtqueue.h"

#include <stddef.h>

#define CHAIN_ENDS 2u /* header and result */

#define TYPE_READ  0u
#define TYPE_WRITE 1u
#define TYPE_FLUSH 4u

#define RESULT_OK          0
#define RESULT_UNSUPPORTED 2
#define RESULT_NONE        0xFF /* before the device has written its own */

/* What driver and device tell each other about one request. */
struct exchange {
    uint32_t type;
    uint32_t reserved;
    uint64_t sector;
    uint8_t result;
    uint8_t padding[15];
};

#define HEADER_BYTES offsetof(struct exchange, result)

static struct virtqueue queue;
static volatile struct exchange *exchanges; /* by slot, in DMA memory */
static uint64_t exchanges_bus_address;
static uint32_t busy; /* bit per slot */
static struct { uint32_t id, bytes; } slots[DRIVER_DEPTH];

uint32_t requests_lay_out(uint32_t size, uint32_t segments) {
    uint32_t offset = (virtqueue_bytes(size) + 63) & ~63u;
    uint32_t bytes = offset + DRIVER_DEPTH * sizeof(struct exchange);
    if (bytes > DMA_FRAMES * PAGE_SIZE)
        return 0;
    __builtin_memset((void *)DRIVER_DMA, 0, bytes);
    exchanges = (volatile struct exchange *)(DRIVER_DMA + offset);
    exchanges_bus_address = driver_information()->dma_bus_address + offset;
    virtqueue_initialise(&queue, size, segments + CHAIN_ENDS, (void *)DRIVER_DMA);
    uint32_t depth = size / queue.chain;
    return depth < DRIVER_DEPTH ? depth : DRIVER_DEPTH;
}

static uint64_t exchange_address(uint32_t slot) {
    return exchanges_bus_address + slot * sizeof(struct exchange);
}

/* Takes a slot and begins its chain with the header. */
static uint32_t begin(uint32_t id, uint32_t type, uint64_t sector, uint32_t bytes) {
    uint32_t slot = (uint32_t)__builtin_ctz(~busy);
    busy |= 1u << slot;
    slots[slot].id = id;
    slots[slot].bytes = bytes;
    exchanges[slot].type = type;
    exchanges[slot].sector = sector;
    exchanges[slot].result = RESULT_NONE;
    virtqueue_describe(&queue, slot, 0, exchange_address(slot), HEADER_BYTES, false, false);
    return slot;
}

/* Ends the chain with the result byte as its `index`th descriptor, and hands it over. */
static void submit(const struct transport *transport, uint32_t slot, uint32_t index) {
    virtqueue_describe(&queue, slot, index, exchange_address(slot) + HEADER_BYTES, 1, true, true);
    virtqueue_want_interrupts(&queue, false); /* requests_settle() */
    virtqueue_offer(&queue, slot);
    transport->notify(0);
}

void request_transfer(const struct transport *transport, const struct driver_request *request) {
    if (request->segment_count + CHAIN_ENDS > queue.chain) {
        loop_complete(request->id, STATUS_UNSUPPORTED, 0);
        return;
    }
    bool reads = request->operation == IO_READ;
    uint32_t slot = begin(request->id, reads ? TYPE_READ : TYPE_WRITE,
                          request->position / SECTOR_BYTES, request->bytes);
    for (uint32_t i = 0; i < request->segment_count; i++) {
        const struct driver_segment *segment = &request->segments[i];
        virtqueue_describe(&queue, slot, 1 + i, segment->bus_address, segment->bytes, reads, false);
    }
    submit(transport, slot, 1 + request->segment_count);
}

void request_flush(const struct transport *transport, uint32_t id) {
    submit(transport, begin(id, TYPE_FLUSH, 0, 0), 1);
}

static void finish(uint32_t slot) {
    uint8_t result = exchanges[slot].result;
    enum status status = result == RESULT_OK            ? STATUS_OK
                         : result == RESULT_UNSUPPORTED ? STATUS_UNSUPPORTED
                                                        : STATUS_IO_ERROR;
    busy &= ~(1u << slot);
    loop_complete(slots[slot].id, status, status == STATUS_OK ? slots[slot].bytes : 0);
}

uint32_t requests_collect(void) {
    uint32_t slot, written, count = 0;
    enum virtqueue_answer answer;
    if (queue.size == 0)
        return 0;
    virtqueue_want_interrupts(&queue, false);
    while ((answer = virtqueue_take(&queue, &slot, &written)) != VIRTQUEUE_EMPTY) {
        bool is_ours = answer == VIRTQUEUE_DONE && slot < DRIVER_DEPTH && (busy & 1u << slot);
        if (!is_ours) {
            driver_log("the device ended a request that it does not have");
            continue;
        }
        finish(slot);
        count++;
    }
    return count;
}

/* An interrupt is asked for only when there is nothing to do until it comes. */
uint32_t requests_settle(void) {
    uint32_t count = 0;
    if (queue.size == 0)
        return 0;
    for (;;) {
        virtqueue_want_interrupts(&queue, true);
        if (!virtqueue_is_used(&queue))
            return count;
        count += requests_collect();
    }
}
