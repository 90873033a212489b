// SPDX-License-Identifier: MIT
/*
 * A PCI configuration space as an input describes it, behind ports 0xCF8 and 0xCFC.
 *
 *   functions:1, then for each: bus:1, device << 3 | function:1, 256 bytes of registers
 *
 * The registers answer what was written, but for the BARs, which keep their low bits and decode 4 KiB.
 */
#ifndef TESTS_FUZZ_MACHINE_PCI_SPACE_H
#define TESTS_FUZZ_MACHINE_PCI_SPACE_H

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>

#define PCI_SPACE_FUNCTIONS 8

struct pci_space_function {
    uint8_t bus, place; /* device << 3 | function */
    uint8_t registers[256];
};

struct pci_space {
    struct pci_space_function functions[PCI_SPACE_FUNCTIONS];
    uint32_t count;
    uint32_t selected;     /* what 0xCF8 holds */
    uint32_t lowest_write; /* the lowest register written since it was set */
};

extern struct pci_space pci_space;

void pci_space_read(struct input *input);
uint32_t pci_space_in(uint16_t port, uint32_t bytes);
void pci_space_out(uint16_t port, uint32_t value, uint32_t bytes);

#endif
