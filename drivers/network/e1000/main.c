// SPDX-License-Identifier: MIT
/*
 * Intel's 82540EM and its relatives, up to the 82574L (PCI/PCI-X Family of Gigabit Ethernet Controllers Software
 * Developer's Manual; 82574 datasheet): brings the card up and passes frames on.
 *
 *   start ──CTRL.RST──> resetting ──RST is clear again, and the EEPROM was read──> rings, filters, link ──> running
 *                           └──not in time──> no device (a line in the log)
 */
#include "drivers/lib/clock.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"
#include "drivers/lib/network.h"
#include "drivers/network/e1000/register.h"
#include "drivers/network/e1000/ring.h"

#define RESET_PAUSE    MILLISECONDS(10) /* for the EEPROM to be read (14.4) */
#define RESET_PATIENCE SECONDS(2)
#define LOST_INTERRUPT MILLISECONDS(100) /* look without one after this time, while frames go out */

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "e1000",
    .device = "net",
    .class = DEVICE_NETWORK,
    .pci_id_count = 5,
    .pci_ids = {{0x8086, 0x100E},  /* 82540EM */
                {0x8086, 0x100F},  /* 82545EM */
                {0x8086, 0x1004},  /* 82543GC */
                {0x8086, 0x1079},  /* 82546GB */
                {0x8086, 0x10D3}}, /* 82574L */
    .pci_class = NO_PCI_CLASS,
    .use_bars = 1u << 0,
    .dma = 1,
    .dma_frames = RING_FRAMES,
};

static uint64_t reset_deadline; /* 0: not resetting */

static void give_up(const char *why) {
    driver_log("no device: %s", why);
    loop_set_deadline(DEADLINE_NEVER);
}

/* All addresses, since those behind the switch are known to the core; CRCs are cut off. */
static void bring_up(void) {
    const struct device_description description = {.depth = DRIVER_DEPTH, .segment_limit = 1};
    gate_reset_done();
    register_write(INTERRUPT_MASK_CLEAR, ALL_INTERRUPTS);
    register_read(INTERRUPT_CAUSE);
    rings_lay_out();
    gate_bus_master(true);
    register_write(DEVICE_CONTROL, (register_read(DEVICE_CONTROL) & ~CONTROL_LINK_RESET) |
                                       CONTROL_SET_LINK_UP | CONTROL_AUTO_SPEED);
    register_write(TRANSMIT_GAP, GAP_STANDARD);
    register_write(TRANSMIT_CONTROL, TRANSMIT_ON);
    register_write(RECEIVE_CONTROL, RECEIVE_ON);
    register_write(INTERRUPT_MASK_SET, INTERRUPTS_WANTED);
    driver_log("%x:%x, link %s", driver_information()->pci_vendor, driver_information()->pci_device,
               register_read(DEVICE_STATUS) & STATUS_LINK_UP ? "up" : "down");
    loop_ready(&description);
}

static void watch_reset(void) {
    if (!(register_read(DEVICE_CONTROL) & CONTROL_RESET)) {
        reset_deadline = 0;
        bring_up();
    } else if (clock_now() > reset_deadline) {
        reset_deadline = 0;
        give_up("its reset does not end");
    } else {
        loop_set_deadline(clock_now() + RESET_PAUSE);
    }
}

static void start(void) {
    if (driver_information()->bar_bytes[0] < REGISTER_BYTES) {
        give_up("its registers are not in memory");
        return;
    }
    register_write(INTERRUPT_MASK_CLEAR, ALL_INTERRUPTS);
    register_write(RECEIVE_CONTROL, 0);
    register_write(TRANSMIT_CONTROL, 0);
    register_write(DEVICE_CONTROL, register_read(DEVICE_CONTROL) | CONTROL_RESET);
    reset_deadline = clock_now() + RESET_PATIENCE;
    loop_set_deadline(clock_now() + RESET_PAUSE);
}

static void watch_frames(void) {
    loop_set_deadline(ring_sends() ? clock_now() + LOST_INTERRUPT : DEADLINE_NEVER);
}

static void interrupt(uint32_t lines) {
    (void)lines; /* the function's own line is the only one */
    if (reset_deadline != 0 || driver_information()->bar_bytes[0] < REGISTER_BYTES)
        return;
    register_read(INTERRUPT_CAUSE); /* takes the line back */
    rings_collect();
    watch_frames();
}

static void timer(void) {
    if (reset_deadline != 0) {
        watch_reset();
        return;
    }
    rings_collect();
    watch_frames();
}

static void send(const struct driver_request *request) {
    ring_send(request);
    watch_frames();
}

void driver_main(void) {
    const struct network_functions functions = {start, interrupt, timer, ring_receive, send};
    network_run(&functions);
}
