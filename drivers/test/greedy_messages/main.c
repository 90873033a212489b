// SPDX-License-Identifier: MIT
/*
 * A manifest that asks for the memory in which its function's MSI-X table lies (of a virtio random number generator, as QEMU
 * makes one: BAR 1), with which it could have the device raise any interrupt. It must not be loaded; if it is, it shows that it
 * can write there.
 */
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"

#define TABLE_BAR 1

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "greedy_messages",
    .device = "greedy",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{0x1AF4, 0x1005}},
    .pci_class = NO_PCI_CLASS,
    .use_bars = 1u << TABLE_BAR,
};

void driver_main(void) {
    volatile uint32_t *table = (volatile uint32_t *)driver_information()->bar_address[TABLE_BAR];
    table[0] = 0xFEE00000;
    driver_log("escaped: the first message goes to %x", table[0]);
    for (;;)
        gate_wait(DEADLINE_NEVER);
}
