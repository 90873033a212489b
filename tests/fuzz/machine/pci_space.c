// SPDX-License-Identifier: MIT
/* See pci_space.h. */
#include "tests/fuzz/machine/pci_space.h"

#define PORT_ADDRESS 0xCF8u
#define PORT_DATA    0xCFCu
#define BAR_FIRST    0x10u
#define BAR_END      0x28u
#define BAR_SIZE     0x1000u

struct pci_space pci_space;

static void write_bar(uint8_t *bar, uint32_t value) {
    uint32_t before;

    memcpy(&before, bar, sizeof before);
    value = (value & ~(BAR_SIZE - 1)) | (before & (before & 1 ? 0x3u : 0xFu));
    memcpy(bar, &value, sizeof value);
}

/* A device cannot hold an address that it does not decode. */
static void settle_bars(uint8_t *registers) {
    for (uint32_t offset = BAR_FIRST; offset < BAR_END; offset += 4) {
        uint32_t value;

        memcpy(&value, registers + offset, sizeof value);
        write_bar(registers + offset, value);
    }
}

void pci_space_read(struct input *input) {
    pci_space = (struct pci_space){.count = 1 + take8(input) % PCI_SPACE_FUNCTIONS};
    for (uint32_t n = 0; n < pci_space.count; n++) {
        pci_space.functions[n].bus = (uint8_t)take8(input);
        pci_space.functions[n].place = (uint8_t)take8(input);
        take(input, pci_space.functions[n].registers, 256);
        settle_bars(pci_space.functions[n].registers);
    }
}

static struct pci_space_function *selected(void) {
    uint8_t bus = (uint8_t)(pci_space.selected >> 16), place = (uint8_t)(pci_space.selected >> 8);

    for (uint32_t n = 0; n < pci_space.count; n++)
        if (pci_space.selected >> 31 && pci_space.functions[n].bus == bus &&
            pci_space.functions[n].place == place)
            return &pci_space.functions[n];
    return NULL;
}

/* Offset in the function's registers; the access must not leave the dword that is selected. */
static uint32_t offset_of(uint16_t port, uint32_t bytes) {
    PROMISE(port >= PORT_DATA && port + bytes <= PORT_DATA + 4);
    return (pci_space.selected & 0xFC) + (port - PORT_DATA);
}

uint32_t pci_space_in(uint16_t port, uint32_t bytes) {
    const struct pci_space_function *function = selected();
    uint32_t value = 0xFFFFFFFF, offset = offset_of(port, bytes);

    if (function != NULL) {
        value = 0;
        memcpy(&value, function->registers + offset, bytes);
    }
    return value;
}

void pci_space_out(uint16_t port, uint32_t value, uint32_t bytes) {
    struct pci_space_function *function;
    uint32_t offset;

    if (port == PORT_ADDRESS) {
        PROMISE(bytes == 4);
        pci_space.selected = value;
        return;
    }
    offset = offset_of(port, bytes);
    if (offset < pci_space.lowest_write)
        pci_space.lowest_write = offset;
    function = selected();
    if (function == NULL)
        return;
    if (offset >= BAR_FIRST && offset < BAR_END && bytes == 4)
        write_bar(function->registers + offset, value);
    else
        memcpy(function->registers + offset, &value, bytes);
}
