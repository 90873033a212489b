// SPDX-License-Identifier: MIT
/*
 * Mechanism #1: the address of a dword goes to port 0xCF8, the dword is then at 0xCFC.
 *
 *   31     30..24  23..16  15..11   10..8      7..2     1..0
 *   enable   0      bus    device  function  register    0
 *
 * Buses are walked from 0 through every bridge's secondary bus number, as the firmware has set it.
 * BARs are sized only when a driver claims the function: sizing turns decoding off for a moment,
 * and the functions that nobody claims (host bridge, VGA) must not notice that we were here.
 */
#include "kernel/dev/pci.h"

#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/log/log.h"

#define PORT_ADDRESS 0xCF8
#define PORT_DATA    0xCFC

#define REGISTER_IDENTITY     0x00
#define REGISTER_COMMAND      0x04
#define REGISTER_CLASS        0x08
#define REGISTER_HEADER       0x0E
#define REGISTER_BAR          0x10
#define REGISTER_SECONDARY    0x19 /* of a bridge: the bus behind it */
#define REGISTER_CAPABILITIES 0x34
#define REGISTER_LINE         0x3C
#define REGISTER_PIN          0x3D

#define COMMAND_PORTS        0x001u
#define COMMAND_MEMORY       0x002u
#define COMMAND_BUS_MASTER   0x004u
#define COMMAND_NO_INTERRUPT 0x400u
#define STATUS_CAPABILITIES  0x00100000u /* in the dword of the command register */

#define HEADER_MULTI_FUNCTION 0x80u
#define HEADER_TYPE           0x7Fu
#define HEADER_BRIDGE         1u

#define CAPABILITY_MSI    0x05u
#define CAPABILITY_VENDOR 0x09u
#define CAPABILITY_MSIX   0x11u
#define CAPABILITIES_MOST 48 /* (256 - 64) / 4: more would be a loop */

#define MSIX_ENABLED    0x8000u
#define MSIX_ALL_MASKED 0x4000u

#define BAR_IS_PORT 0x1u
#define BAR_IS_WIDE 0x4u /* a 64-bit memory BAR takes the next one too */
#define BUSES_MOST  32

static struct pci_function functions[PCI_FUNCTIONS_MAX];
static uint32_t function_count;

static uint16_t select_register(uint32_t address, uint32_t offset) {
    out32(PORT_ADDRESS, 0x80000000u | (address & 0xFF0000u) | (address & 0x1F00u) << 3 |
                            (address & 7u) << 8 | (offset & 0xFCu));
    return (uint16_t)(PORT_DATA + (offset & 3u));
}

static uint32_t read_configuration(uint32_t address, uint32_t offset, uint32_t size) {
    uint16_t port = select_register(address, offset);
    if (size == 1)
        return in8(port);
    return size == 2 ? in16(port) : in32(port);
}

static void write_configuration(uint32_t address, uint32_t offset, uint32_t size, uint32_t value) {
    uint16_t port = select_register(address, offset);
    if (size == 1)
        out8(port, (uint8_t)value);
    else if (size == 2)
        out16(port, (uint16_t)value);
    else
        out32(port, value);
}

static void change_command(uint32_t address, uint32_t clear, uint32_t set) {
    uint32_t command = read_configuration(address, REGISTER_COMMAND, 2);
    write_configuration(address, REGISTER_COMMAND, 2, (command & ~clear) | set);
}

/* ---- Finding functions ---- */

static uint8_t interrupt_line(uint32_t address) {
    uint32_t line = read_configuration(address, REGISTER_LINE, 1);
    bool has_pin = read_configuration(address, REGISTER_PIN, 1) != 0;
    return has_pin && line < 16 ? (uint8_t)line : 0;
}

static void note_function(uint32_t address, uint32_t identity) {
    if (function_count == PCI_FUNCTIONS_MAX) {
        log_line("pci: more than %u functions; the rest is ignored", PCI_FUNCTIONS_MAX);
        return;
    }
    functions[function_count++] = (struct pci_function){
        .address = address,
        .vendor = (uint16_t)identity,
        .device = (uint16_t)(identity >> 16),
        .class = (uint16_t)(read_configuration(address, REGISTER_CLASS, 4) >> 16),
        .interrupt_line = interrupt_line(address),
    };
}

/* One device with all its functions; buses found behind its bridges go to `buses`. */
static uint32_t walk_device(uint32_t first_address, uint8_t *buses, uint32_t bus_count) {
    for (uint32_t number = 0; number < 8; number++) {
        uint32_t address = first_address | number;
        uint32_t identity = read_configuration(address, REGISTER_IDENTITY, 4);
        if ((identity & 0xFFFF) == 0xFFFF && number == 0)
            return bus_count;
        if ((identity & 0xFFFF) == 0xFFFF)
            continue;
        note_function(address, identity);
        uint32_t header = read_configuration(address, REGISTER_HEADER, 1);
        if ((header & HEADER_TYPE) != HEADER_BRIDGE) /* the firmware's work is done */
            change_command(address, COMMAND_BUS_MASTER, 0);
        uint32_t behind = read_configuration(address, REGISTER_SECONDARY, 1);
        if ((header & HEADER_TYPE) == HEADER_BRIDGE && behind != 0 && bus_count < BUSES_MOST)
            buses[bus_count++] = (uint8_t)behind;
        if (number == 0 && !(header & HEADER_MULTI_FUNCTION))
            return bus_count;
    }
    return bus_count;
}

void pci_initialise(void) {
    uint8_t buses[BUSES_MOST] = {0};
    uint32_t bus_count = 1;
    function_count = 0;
    for (uint32_t next = 0; next < bus_count; next++)
        for (uint32_t device = 0; device < 32; device++)
            bus_count = walk_device((uint32_t)buses[next] << 16 | device << 8, buses, bus_count);
    log_line("pci: %u functions on %u buses", function_count, bus_count);
}

struct pci_function *pci_function(uint32_t index) {
    return index < function_count ? &functions[index] : NULL;
}

/* ---- Capabilities ---- */

/* The offset of the first capability with this id after `after` (0: from the start); 0 if none. */
static uint32_t next_capability(uint32_t address, uint32_t id, uint32_t after) {
    if (!(read_configuration(address, REGISTER_COMMAND, 4) & STATUS_CAPABILITIES))
        return 0;
    uint32_t offset = after != 0 ? read_configuration(address, after + 1, 1)
                                 : read_configuration(address, REGISTER_CAPABILITIES, 1);
    for (uint32_t hops = 0; hops < CAPABILITIES_MOST && (offset & 0xFC) >= 0x40; hops++) {
        offset &= 0xFC;
        if (read_configuration(address, offset, 1) == id)
            return offset;
        offset = read_configuration(address, offset + 1, 1);
    }
    return 0;
}

/* Messages let a device write to any address that somebody has left in their registers: both kinds are off. Bit 0 of MSI's
 * control word and bit 15 of MSI-X's enable them (PCI 3.0, 6.8.1.3 and 6.8.2.3). */
static void disable_messages(struct pci_function *function) {
    uint32_t msi = next_capability(function->address, CAPABILITY_MSI, 0);
    if (msi != 0) {
        uint32_t control = read_configuration(function->address, msi + 2, 2);
        write_configuration(function->address, msi + 2, 2, control & ~1u);
    }
    uint32_t msix = next_capability(function->address, CAPABILITY_MSIX, 0);
    if (msix == 0)
        return;
    uint32_t control = read_configuration(function->address, msix + 2, 2);
    uint32_t table = read_configuration(function->address, msix + 4, 4);
    write_configuration(function->address, msix + 2, 2, control & ~MSIX_ENABLED);
    function->msix_bar = table & 7u;
    function->msix_offset = table & ~7u;
    function->msix_bytes = ((control & 0x7FFu) + 1) * PCI_MESSAGE_BYTES;
}

bool pci_message_table(const struct pci_function *function, uint64_t *physical, uint32_t *entries) {
    if (function->msix_bytes == 0 || function->msix_bar >= PCI_BARS)
        return false;
    const struct pci_bar *bar = &function->bars[function->msix_bar];
    *physical = bar->address + function->msix_offset;
    *entries = function->msix_bytes / PCI_MESSAGE_BYTES;
    return !bar->is_port && *physical % PCI_MESSAGE_BYTES == 0 &&
           function->msix_offset < bar->bytes &&
           function->msix_bytes <= bar->bytes - function->msix_offset;
}

void pci_messages_on(const struct pci_function *function) {
    uint32_t msix = next_capability(function->address, CAPABILITY_MSIX, 0);
    uint32_t control = read_configuration(function->address, msix + 2, 2);
    write_configuration(function->address, msix + 2, 2,
                        (control & ~MSIX_ALL_MASKED) | MSIX_ENABLED);
}

/* ---- Claiming ---- */

/* Writes all ones to the BAR and reads back which address bits it decodes. */
static uint32_t size_bar(uint32_t address, uint32_t offset, uint32_t flag_bits) {
    uint32_t before = read_configuration(address, offset, 4);
    write_configuration(address, offset, 4, 0xFFFFFFFFu);
    uint32_t mask = read_configuration(address, offset, 4) & ~flag_bits;
    write_configuration(address, offset, 4, before);
    return mask & (~mask + 1); /* the lowest bit that can be set is the size */
}

static void read_bars(struct pci_function *function) {
    for (uint32_t number = 0; number < PCI_BARS; number++) {
        uint32_t offset = REGISTER_BAR + number * 4;
        uint32_t raw = read_configuration(function->address, offset, 4);
        struct pci_bar *bar = &function->bars[number];
        bar->is_port = raw & BAR_IS_PORT;
        uint32_t flag_bits = bar->is_port ? 0x3u : 0xFu;
        bar->address = raw & ~flag_bits;
        bar->bytes = size_bar(function->address, offset, flag_bits);
        if (bar->is_port)
            bar->address &= 0xFFFF;
        else if (raw & BAR_IS_WIDE && ++number < PCI_BARS)
            bar->address |= (uint64_t)read_configuration(function->address, offset + 4, 4) << 32;
        if (bar->address == 0)
            bar->bytes = 0; /* the firmware gave it no place */
    }
}

static uint32_t decoding_for(const struct pci_function *function) {
    uint32_t decoding = 0;
    for (uint32_t number = 0; number < PCI_BARS; number++)
        if (function->bars[number].bytes != 0)
            decoding |= function->bars[number].is_port ? COMMAND_PORTS : COMMAND_MEMORY;
    return decoding;
}

void pci_claim(struct pci_function *function, struct driver *owner) {
    uint32_t before = read_configuration(function->address, REGISTER_COMMAND, 2);
    function->owner = owner;
    change_command(function->address, COMMAND_PORTS | COMMAND_MEMORY | COMMAND_BUS_MASTER,
                   COMMAND_NO_INTERRUPT);
    disable_messages(function);
    read_bars(function);
    change_command(function->address, 0,
                   (before & (COMMAND_PORTS | COMMAND_MEMORY)) | decoding_for(function));
}

void pci_bus_master(struct pci_function *function, bool on) {
    change_command(function->address, COMMAND_BUS_MASTER, on ? COMMAND_BUS_MASTER : 0);
    read_configuration(function->address, REGISTER_COMMAND, 2); /* the write has arrived */
}

bool pci_interrupt(struct pci_function *function, bool on) {
    change_command(function->address, COMMAND_NO_INTERRUPT, on ? 0 : COMMAND_NO_INTERRUPT);
    return on ||
           (read_configuration(function->address, REGISTER_COMMAND, 2) & COMMAND_NO_INTERRUPT);
}

/* ---- What a driver may do itself ---- */

static bool is_register(uint32_t offset, uint32_t size) {
    return (size == 1 || size == 2 || size == 4) && (!DEFENCE_PCI_REGISTER_BOUND || offset < 256) &&
           offset % size == 0;
}

enum status pci_driver_read(struct pci_function *function, uint32_t offset, uint32_t size,
                            uint32_t *value) {
    if (!is_register(offset, size))
        return STATUS_BAD_ARGUMENT;
    *value = read_configuration(function->address, offset, size);
    return STATUS_OK;
}

/* A vendor capability begins with id, next and length; only what follows is the device's own. */
static bool in_vendor_capability(uint32_t address, uint32_t offset, uint32_t size) {
    uint32_t start = next_capability(address, CAPABILITY_VENDOR, 0);
    for (uint32_t hops = 0; start != 0 && hops < CAPABILITIES_MOST; hops++) {
        uint32_t bytes = read_configuration(address, start + 2, 1);
        if (offset >= start + 3 && offset + size <= start + bytes)
            return true;
        start = next_capability(address, CAPABILITY_VENDOR, start);
    }
    return false;
}

enum status pci_driver_write(struct pci_function *function, uint32_t offset, uint32_t size,
                             uint32_t value) {
    if (!is_register(offset, size))
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_PCI_WRITE_FILTER && !in_vendor_capability(function->address, offset, size))
        return STATUS_NOT_PERMITTED;
    write_configuration(function->address, offset, size, value);
    return STATUS_OK;
}
