// SPDX-License-Identifier: MIT
/*
 * A manifest that asks for the local APIC, with which it could stop the core's alarm. It must not be
 * loaded; if it is, it shows that it can read the APIC.
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"

#define LOCAL_APIC 0xFEE00000u
#define LVT_TIMER  0x320

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy_apic",
    .device = "greedy",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
    .mmio_count = 1,
    .mmio = {{LOCAL_APIC, PAGE_SIZE}},
};

void driver_main(void) {
    driver_log("escaped: the alarm's vector is %x",
               *(const volatile uint32_t *)(DRIVER_MMIO + LVT_TIMER));
    for (;;)
        gate_wait(DEADLINE_NEVER);
}
