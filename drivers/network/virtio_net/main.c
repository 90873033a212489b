// SPDX-License-Identifier: MIT
/*
 * virtio-net (virtio 1.1, section 5.1): brings the card up and passes frames on.
 *
 *   start ──status 0──> resetting ──reads 0──> features, two queues, DRIVER_OK ──> running
 *                           └──not in time──> no device (a line in the log)
 *
 * Without the control queue the card lets in what is for any address, which is what the switch needs.
 */
#include "drivers/lib/clock.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"
#include "drivers/lib/network.h"
#include "drivers/network/virtio_net/frames.h"

#define RESET_PATIENCE SECONDS(2)
#define RESET_POLL     MILLISECONDS(1)
#define LOST_INTERRUPT MILLISECONDS(100) /* look without one after this time, while frames go out */

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "virtio_net",
    .device = "net",
    .class = DEVICE_NETWORK,
    .pci_id_count = 2,
    .pci_ids = {{0x1AF4, 0x1000}, {0x1AF4, 0x1041}}, /* transitional, modern */
    .pci_class = NO_PCI_CLASS,
    .use_bars = 1u << 0 | 1u << 4, /* legacy ports, modern structures; BAR 1 has the MSI-X table */
    .messages = 1,
    .dma = 1,
    .dma_frames = DMA_FRAMES,
};

static const struct transport *transport;
static uint64_t reset_deadline; /* 0: not resetting */

static void give_up(const char *why) {
    driver_log("no device: %s", why);
    loop_set_deadline(DEADLINE_NEVER);
}

/* The device has been reset and knows nothing: tells it all it needs, in the order of 3.1.1. */
static void bring_up(void) {
    const struct device_description description = {.depth = DRIVER_DEPTH, .segment_limit = 1};
    uint64_t features;
    gate_reset_done();
    if (!transport_negotiate(transport, 0, &features)) {
        give_up("it does not accept our choice of features");
        return;
    }
    if (!frames_lay_out(transport, features)) {
        transport->set_status(DEVICE_FAILED);
        give_up("its queues have no size that this driver can use, or no means for interrupts by "
                "message");
        return;
    }
    gate_bus_master(true);
    transport_begin(transport, features);
    driver_log("%s interface", transport->name);
    loop_ready(&description);
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

static void watch_frames(void) {
    loop_set_deadline(frames_go_out() ? clock_now() + LOST_INTERRUPT : DEADLINE_NEVER);
}

static void interrupt(uint32_t lines) {
    (void)lines; /* the function's own line is the only one */
    if (transport == 0)
        return;
    transport->acknowledge();
    frames_collect();
    if (reset_deadline == 0)
        watch_frames();
}

static void timer(void) {
    if (reset_deadline != 0) {
        watch_reset();
        return;
    }
    frames_collect();
    watch_frames();
}

static void receive(const struct driver_request *request) {
    frame_receive(transport, request);
}

static void send(const struct driver_request *request) {
    frame_send(transport, request);
    watch_frames();
}

void driver_main(void) {
    const struct network_functions functions = {start, interrupt, timer, receive, send};
    network_run(&functions);
}
