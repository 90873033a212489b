// SPDX-License-Identifier: MIT
// sources: kernel/dev/pci.c tests/fuzz/machine/pci_space.c
/*
 * PCI: the functions that hostile configuration spaces seem to have, silenced, each claimed, then written to by its
 * driver. No driver's write may reach a register that the core keeps.
 *
 *   configuration space (machine/pci_space.h), then the driver's calls: function:1, offset:1, size:1, value:4
 */
#include "kernel/cpu/registers.h"
#include "kernel/dev/pci.h"
#include "kernel/log/log.h"
#include "tests/fuzz/machine/pci_space.h"

#define FIRST_CAPABILITY 0x40u /* below are the registers that every function has */
#define CAPABILITY_HEAD  3u    /* id, next, length */
#define COMMAND          0x04u
#define DECODE_OR_MASTER 0x7u
#define BUS_MASTER       0x4u
#define HEADER           0x0Eu
#define HEADER_TYPE      0x7Fu
#define HEADER_BRIDGE    0x01u

void out8(uint16_t port, uint8_t value) {
    pci_space_out(port, value, 1);
}
void out16(uint16_t port, uint16_t value) {
    pci_space_out(port, value, 2);
}
void out32(uint16_t port, uint32_t value) {
    pci_space_out(port, value, 4);
}
uint8_t in8(uint16_t port) {
    return (uint8_t)pci_space_in(port, 1);
}
uint16_t in16(uint16_t port) {
    return (uint16_t)pci_space_in(port, 2);
}
uint32_t in32(uint16_t port) {
    return pci_space_in(port, 4);
}

void log_line(const char *format, ...) {
    (void)format;
}

/* The core will write to it: it must lie in the function's own memory, and no entry on two pages. */
static void check_table(const struct pci_function *function) {
    uint64_t physical;
    uint32_t entries, bytes;

    if (!pci_message_table(function, &physical, &entries))
        return;
    const struct pci_bar *bar = &function->bars[function->msix_bar];
    bytes = entries * PCI_MESSAGE_BYTES;
    PROMISE(entries > 0 && physical % PCI_MESSAGE_BYTES == 0 && !bar->is_port);
    PROMISE(physical >= bar->address && physical + bytes <= bar->address + bar->bytes);
}

static void check_claimed(struct pci_function *function) {
    uint32_t command;

    PROMISE(pci_driver_read(function, COMMAND, 2, &command) == STATUS_OK);
    PROMISE(!(command & BUS_MASTER));
    for (uint32_t n = 0; n < PCI_BARS; n++) {
        const struct pci_bar *bar = &function->bars[n];

        PROMISE((bar->bytes & (bar->bytes - 1)) == 0);
        PROMISE(bar->bytes == 0 || bar->address % bar->bytes == 0);
        PROMISE(!bar->is_port || bar->address + bar->bytes <= 0x10000);
    }
    check_table(function);
}

/* What the firmware has left on could write to memory that is somebody's by now. */
static void check_unclaimed(struct pci_function *function) {
    uint32_t command, header;

    PROMISE(pci_driver_read(function, COMMAND, 2, &command) == STATUS_OK);
    PROMISE(pci_driver_read(function, HEADER, 1, &header) == STATUS_OK);
    PROMISE((header & HEADER_TYPE) == HEADER_BRIDGE || !(command & BUS_MASTER));
}

/* As a driver's gate calls come: whatever it says. */
static void call(struct input *input) {
    struct pci_function *function = pci_function(take8(input) % PCI_FUNCTIONS_MAX);
    uint32_t offset = take32(input), size = take8(input), value = take32(input), read;

    if (function == NULL)
        return;
    if (pci_driver_read(function, offset, size, &read) == STATUS_OK)
        PROMISE(offset + size <= 256);
    pci_space.lowest_write = 256;
    pci_driver_write(function, offset, size, value);
    PROMISE(pci_space.lowest_write >= FIRST_CAPABILITY + CAPABILITY_HEAD);
    pci_bus_master(function, value & 1);
    pci_interrupt(function, value & 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    struct pci_function *function;

    pci_space_read(&input);
    pci_initialise();
    for (uint32_t n = 0; (function = pci_function(n)) != NULL; n++)
        check_unclaimed(function);
    for (uint32_t n = 0; (function = pci_function(n)) != NULL; n++) {
        pci_claim(function, NULL);
        check_claimed(function);
    }
    while (input.at < input.end)
        call(&input);
    return 0;
}
