// SPDX-License-Identifier: MIT
/*
 * virtio-blk (virtio 1.1, section 5.2): brings the device up and passes requests on.
 *
 *   start ──status 0──> resetting ──reads 0──> features, queue, DRIVER_OK ──> running
 *                           └──not in time──> no device (a line in the log)
 */
#include "drivers/block/virtio_blk/request.h"
#include "drivers/lib/block.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"
#include "drivers/lib/virtio/transport.h"

#define QUEUE_SIZE     512u /* where it can be chosen: enough for DRIVER_DEPTH chains */
#define RESET_PATIENCE SECONDS(2)
#define RESET_POLL     MILLISECONDS(1)
#define LOST_INTERRUPT SECONDS(1) /* look without one after this time */

/* Feature bits (5.2.3). */
#define FEATURE_SEGMENT_LIMIT (1ull << 2)
#define FEATURE_READ_ONLY     (1ull << 5)
#define FEATURE_FLUSH         (1ull << 9)

#define CONFIGURATION_CAPACITY      0
#define CONFIGURATION_SEGMENT_LIMIT 12

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "virtio_blk",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_id_count = 2,
    .pci_ids = {{0x1AF4, 0x1001}, {0x1AF4, 0x1042}}, /* transitional, modern */
    .pci_class = NO_PCI_CLASS,
    .use_bars = 1u << 0 | 1u << 4, /* legacy ports, modern structures; BAR 1 has the MSI-X table */
    .messages = 1,
    .dma = 1,
    .dma_frames = DMA_FRAMES,
};

static const struct transport *transport;
static uint64_t features;
static uint64_t reset_deadline; /* 0: not resetting */

static void give_up(const char *why) {
    driver_log("no device: %s", why);
    loop_set_deadline(DEADLINE_NEVER);
}

static uint32_t segment_limit(void) {
    uint32_t limit = SEGMENTS_MOST;
    if (features & FEATURE_SEGMENT_LIMIT) {
        uint32_t offered = transport->configuration(CONFIGURATION_SEGMENT_LIMIT);
        if (offered != 0 && offered < limit)
            limit = offered;
    }
    return limit;
}

static void announce(uint32_t depth, uint32_t segments) {
    uint64_t sectors = transport->configuration(CONFIGURATION_CAPACITY) |
                       (uint64_t)transport->configuration(CONFIGURATION_CAPACITY + 4) << 32;
    const struct device_description description = {
        .bytes = sectors * SECTOR_BYTES, .depth = depth, .segment_limit = segments};
    driver_log("%s interface, %llu sectors%s%s, %u requests at once", transport->name, sectors,
               features & FEATURE_READ_ONLY ? ", read-only" : "",
               features & FEATURE_FLUSH ? ", write cache" : "", depth);
    loop_ready(&description);
}

/* The device has been reset and knows nothing: tells it all it needs, in the order of 3.1.1. */
static void bring_up(void) {
    gate_reset_done();
    if (!transport_negotiate(transport, FEATURE_SEGMENT_LIMIT | FEATURE_READ_ONLY | FEATURE_FLUSH,
                             &features)) {
        give_up("it does not accept our choice of features");
        return;
    }
    uint32_t size = transport->queue_size(0), segments = segment_limit();
    if (transport == &transport_modern && size > QUEUE_SIZE)
        size = QUEUE_SIZE;
    uint32_t depth = size == 0 ? 0 : requests_lay_out(size, segments);
    if (depth == 0) {
        transport->set_status(DEVICE_FAILED);
        give_up("its queue has no size that this driver can use");
        return;
    }
    if (!transport->set_queue(0, size, driver_information()->dma_bus_address)) {
        transport->set_status(DEVICE_FAILED);
        give_up("it has no means for interrupts by message");
        return;
    }
    gate_bus_master(true);
    transport_begin(transport, features);
    announce(depth, segments);
}

static void watch_reset(void) {
    if (transport->status() == 0) {
        reset_deadline = 0;
        bring_up();
    } else if (clock_now() > reset_deadline) {
        reset_deadline = 0;
        give_up("its reset does not end");
    } else {
        loop_set_deadline(clock_now() + RESET_POLL);
    }
}

static void start(void) {
    transport = transport_find();
    if (transport == 0) {
        give_up("neither legacy ports nor modern structures");
        return;
    }
    reset_deadline = clock_now() + RESET_PATIENCE;
    transport->set_status(0);
    watch_reset();
}

static void watch_requests(void) {
    loop_set_deadline(loop_in_flight() != 0 ? clock_now() + LOST_INTERRUPT : DEADLINE_NEVER);
}

static void interrupt(uint32_t lines) {
    (void)lines; /* the function's own line is the only one */
    if (transport == 0)
        return;
    transport->acknowledge();
    requests_collect();
    if (reset_deadline == 0)
        watch_requests();
}

static void timer(void) {
    if (reset_deadline != 0) {
        watch_reset();
        return;
    }
    if (requests_collect() != 0)
        driver_log("an interrupt was lost");
    watch_requests();
}

static void transfer(const struct driver_request *request) {
    if (request->operation == IO_WRITE && (features & FEATURE_READ_ONLY)) {
        loop_complete(request->id, STATUS_NOT_PERMITTED, 0);
        return;
    }
    request_transfer(transport, request);
    watch_requests();
}

/* A device without the feature has no cache that it could lose: nothing to do. */
static void flush(uint32_t id) {
    if (!(features & FEATURE_FLUSH)) {
        loop_complete(id, STATUS_OK, 0);
        return;
    }
    request_flush(transport, id);
    watch_requests();
}

static void settle(void) {
    if (requests_settle() != 0)
        watch_requests();
}

void driver_main(void) {
    const struct block_functions functions = {start, interrupt, timer, transfer, flush};
    loop_settle_by(settle);
    block_run(&functions);
}
