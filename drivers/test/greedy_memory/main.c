// SPDX-License-Identifier: MIT
/*
 * A manifest that calls the core's memory a device's. It must not be loaded; if it is, it shows
 * that it can read the core.
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"

#define KERNEL_IMAGE 0x100000u

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy_memory",
    .device = "greedy",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
    .mmio_count = 1,
    .mmio = {{KERNEL_IMAGE, PAGE_SIZE}},
};

void driver_main(void) {
    driver_log("escaped: the core's image begins with %x", *(const volatile uint32_t *)DRIVER_MMIO);
    for (;;)
        gate_wait(DEADLINE_NEVER);
}
