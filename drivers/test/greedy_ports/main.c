// SPDX-License-Identifier: MIT
/*
 * A manifest that asks for the interrupt controller's ports, which are the core's. It must not be
 * loaded; if it is, it shows that it can mask the machine's interrupts.
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"
#include "drivers/lib/port.h"

#define INTERRUPT_CONTROLLER 0x20

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy_ports",
    .device = "greedy",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
    .port_count = 1,
    .ports = {{INTERRUPT_CONTROLLER, 2}},
};

void driver_main(void) {
    driver_log("escaped: the interrupt mask is %x", port_read8(INTERRUPT_CONTROLLER + 1));
    for (;;)
        gate_wait(DEADLINE_NEVER);
}
