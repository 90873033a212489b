// SPDX-License-Identifier: MIT
// sources: drivers/lib/virtio/virtqueue.c drivers/block/virtio_blk/request.c
/*
 * The virtio driver against a device that lies. The device writes what it likes over the memory that it shares
 * with the driver; each request must end exactly once all the same, and no more than were given.
 *
 *   queue size:1, segments:1, then steps:
 *     0  a request, if the driver has room       2  the device writes: offset:2, value:4
 *     1  the device ends chain head:2            3  the driver looks
 */
#include "drivers/block/virtio_blk/request.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/loop.h"
#include "drivers/lib/virtio/virtqueue.h"
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>

#define SHARED_BYTES (DMA_FRAMES * PAGE_SIZE)

static uint32_t in_flight; /* bit per id, as the core counts them */

void loop_complete(uint32_t id, enum status status, uint32_t bytes) {
    PROMISE(id < DRIVER_DEPTH && (in_flight & 1u << id));
    PROMISE(status < STATUS_COUNT && bytes <= IO_BYTES_MAX);
    in_flight &= ~(1u << id);
}

void driver_log(const char *format, ...) {
    (void)format;
}

static void notify(uint32_t number) {
    (void)number;
}

static const struct transport transport = {.notify = notify};

/* The driver's addresses are offsets in its slot; here they are addresses. */
static void map_slot(void) {
    static bool mapped;
    uint32_t bytes = DRIVER_INFORMATION + PAGE_SIZE - DRIVER_DMA;

    if (!mapped)
        PROMISE(mmap((void *)DRIVER_DMA, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
                     0) == (void *)DRIVER_DMA);
    mapped = true;
}

static void request(struct input *input, uint32_t depth) {
    struct driver_request request = {.operation = take8(input) % IO_OPERATION_COUNT};

    while (request.id < depth && in_flight & 1u << request.id)
        request.id++;
    if (request.id == depth)
        return;
    in_flight |= 1u << request.id;
    request.bytes = 4096;
    request.segment_count = 1 + take8(input) % (IO_SEGMENTS + 1);
    if (request.operation == IO_FLUSH)
        request_flush(&transport, request.id);
    else
        request_transfer(&transport, &request);
}

/* The used ring as the device fills it. */
static void end_chain(struct input *input, uint32_t size) {
    struct virtqueue_used *used = (void *)(DRIVER_DMA + virtqueue_used_offset(size));

    used->ring[used->index % size].id = take32(input) & 0xFFFF;
    used->index++;
}

static void scribble(struct input *input) {
    uint32_t offset = take32(input) % (SHARED_BYTES - 4), value = take32(input);

    memcpy((uint8_t *)DRIVER_DMA + offset, &value, sizeof value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    uint32_t queue_size = 1u << take8(&input) % 12, segments = 1 + take8(&input) % SEGMENTS_MOST;

    map_slot();
    uint32_t depth = requests_lay_out(queue_size, segments);
    PROMISE(depth <= DRIVER_DEPTH);
    while (depth > 0 && input.at < input.end) {
        uint32_t step = take8(&input) % 4;

        if (step == 0)
            request(&input, depth);
        else if (step == 1)
            end_chain(&input, queue_size);
        else if (step == 2)
            scribble(&input);
        else
            requests_collect();
    }
    /* Let an honest device end the rest, so that nothing is left for the next input. */
    for (uint32_t slot = 0; depth > 0 && slot < DRIVER_DEPTH; slot++) {
        uint8_t head[4] = {0};
        uint32_t value = slot * (segments + 2);

        memcpy(head, &value, sizeof head);
        struct input end = {head, head + sizeof head};
        requests_collect();
        end_chain(&end, queue_size);
    }
    requests_collect();
    return 0;
}
