// SPDX-License-Identifier: MIT
/*
 * A manifest that asks for ports where the firmware has put a PCI function that no driver has claimed (on QEMU's PC:
 * ACPI's hot unplug, with which it could take a card out of the machine). It must not be loaded; if it is, it shows that
 * it can read them.
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"
#include "drivers/lib/port.h"

#define HOT_UNPLUG 0xAE00

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy_nobody",
    .device = "greedy",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
    .port_count = 1,
    .ports = {{HOT_UNPLUG, 0x14}},
};

void driver_main(void) {
    driver_log("escaped: the slots that are in use are %x", port_read8(HOT_UNPLUG));
    for (;;)
        gate_wait(DEADLINE_NEVER);
}
