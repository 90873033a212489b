// SPDX-License-Identifier: MIT
/*
 * A manifest that asks for the timer's interrupt line. It must not be loaded.
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"

#define TIMER_LINE 0

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy_line",
    .device = "greedy",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
    .irq_count = 1,
    .irqs = {TIMER_LINE},
};

void driver_main(void) {
    driver_log("escaped: the timer's line is its own");
    for (;;)
        gate_wait(DEADLINE_NEVER);
}
