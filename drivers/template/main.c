// SPDX-License-Identifier: MIT
/*
 * The smallest driver, to be copied. Its disk needs no hardware: line n has 16 bytes and says where it
 * stands, `000000000000016` for the second. Nobody can write to it. Like a real one it takes its time:
 *
 *   start ──> ready ──> transfer: the request is kept, a deadline set ──> timer: complete ──┐
 *                         └─────────────────────────────────────────────────────────────────┘
 *
 * What must hold: everything that a request needs is in the request. So a copy that starts after a crash
 * answers the same as the one before it, and its tenants notice nothing but the time.
 */
#include "drivers/lib/block.h"
#include "drivers/lib/bounce.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"

#define DISK_BYTES 0x100000u
#define LINE_BYTES 16u
#define SEEK_TIME  MILLISECONDS(1)

/* Default deny: this driver has no port, no interrupt line, no device memory and no DMA. */
DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "template",
    .device = "template",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
};

static struct driver_request current; /* the disk takes one at a time */

/* A real device is reset here, from whatever state the copy before has left it in. */
static void start(void) {
    const struct device_description disk = {.bytes = DISK_BYTES, .depth = 1};

    gate_reset_done();
    loop_ready(&disk);
    driver_log("a disk of %u bytes is ready", DISK_BYTES);
}

/* Takes every cause back from the device; this one has no line. */
static void interrupt(uint32_t lines) {
    (void)lines;
}

static void write_line(uint8_t *line, uint32_t position) {
    for (uint32_t digit = LINE_BYTES - 1; digit-- > 0; position /= 10)
        line[digit] = (uint8_t)('0' + position % 10);
    line[LINE_BYTES - 1] = '\n';
}

/* The deadline has passed: the disk has found the place. Where it is, and how much, the core has checked. */
static void timer(void) {
    uint8_t *data = bounce_buffer(current.id);

    for (uint32_t done = 0; done < current.bytes; done += LINE_BYTES)
        write_line(data + done, (uint32_t)current.position + done);
    loop_complete(current.id, STATUS_OK, current.bytes);
}

static void transfer(const struct driver_request *request) {
    if (request->operation == IO_WRITE) {
        loop_complete(request->id, STATUS_UNSUPPORTED, 0);
        return;
    }
    current = *request;
    loop_set_deadline(clock_now() + SEEK_TIME);
}

/* Nothing was written, so nothing waits to reach the medium. */
static void flush(uint32_t id) {
    loop_complete(id, STATUS_OK, 0);
}

void driver_main(void) {
    const struct block_functions functions = {start, interrupt, timer, transfer, flush};

    block_run(&functions);
}
