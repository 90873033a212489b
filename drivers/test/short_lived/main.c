// SPDX-License-Identifier: MIT
/*
 * A driver that lives for one request: each copy answers one, so that the next copy is made at once, and dies. And each copy but
 * the first begins with work that nobody waits for, as much as nobody pays for. What it takes from tenants: tests/guest/stolen_time.py.
 */
#include "drivers/lib/block.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/manifest.h"

#define CAPACITY 0x100000u
#define WORK     MILLISECONDS(3)

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "short_lived",
    .device = "brief",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
};

static void start(void) {
    const struct device_description description = {.bytes = CAPACITY, .depth = 1};
    uint64_t end = driver_information()->restarts != 0 ? clock_now() + WORK : 0;

    while (clock_now() < end)
        __asm__ volatile("");
    gate_reset_done();
    loop_ready(&description);
}

static void interrupt(uint32_t lines) {
    (void)lines;
}

static void timer(void) {}

static _Noreturn void die(void) {
    __asm__ volatile("ud2");
    __builtin_unreachable();
}

static void transfer(const struct driver_request *request) {
    loop_complete(request->id, STATUS_OK, request->bytes);
    die();
}

static void flush(uint32_t id) {
    loop_complete(id, STATUS_OK, 0);
}

void driver_main(void) {
    const struct block_functions functions = {start, interrupt, timer, transfer, flush};
    block_run(&functions);
}
