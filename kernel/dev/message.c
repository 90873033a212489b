// SPDX-License-Identifier: MIT
/*
 * A table's entry (PCI 3.0, 6.8.2.6 to 6.8.2.9), and the message that it holds (Intel SDM 3A, 10.11):
 *
 *   0 address, low    FEE00000 | APIC id << 12
 *   4 address, high   0
 *   8 data            the vector; delivery fixed, edge
 *  12 control         bit 0: masked
 *
 * Each driver's table page is at a place of its own in CORE_DEVICES, so that masking takes one write.
 */
#include "kernel/dev/message.h"

#include "kernel/cpu/registers.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/pci.h"
#include "kernel/domain/driver.h"
#include "kernel/layout.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"

#define APIC_MESSAGES 0xFEE00000u
#define ENTRY_MASKED  1u

struct entry {
    volatile uint32_t address, address_high, data, control;
};

_Static_assert((1 + DRIVER_MAX) * PAGE_SIZE <= CORE_DEVICES_LIMIT - CORE_DEVICES, "a page each");

_Static_assert(sizeof(struct entry) == PCI_MESSAGE_BYTES, "the function's layout");

static uint32_t first_offset[DRIVER_MAX]; /* of each table, in its page */

static uint32_t place_of(uint32_t number) {
    return CORE_DEVICES + (1 + number) * PAGE_SIZE; /* the first is the local APIC's */
}

static void map_page(uint32_t number, uint64_t physical) {
    core_map(place_of(number), (frame_t)(physical >> PAGE_SHIFT), 1,
             PTE_WRITE | PTE_UNCACHED | PTE_NX | PTE_DEVICE);
    invalidate_page(place_of(number));
}

/* From the last page of the table to the first, which stays mapped. */
static void mask_all(uint32_t number, uint64_t physical, uint32_t entries) {
    for (uint32_t n = entries; n-- > 0;) {
        uint64_t at = physical + n * PCI_MESSAGE_BYTES;
        if (n + 1 == entries || at % PAGE_SIZE == PAGE_SIZE - PCI_MESSAGE_BYTES)
            map_page(number, at);
        ((struct entry *)(place_of(number) + (uint32_t)(at % PAGE_SIZE)))->control = ENTRY_MASKED;
    }
}

static struct entry *first_entry(uint32_t number) {
    return (struct entry *)(place_of(number) + first_offset[number]);
}

void message_open(struct pci_function *function, uint32_t number) {
    uint64_t physical;
    uint32_t entries;
    pci_message_table(function, &physical, &entries);
    first_offset[number] = (uint32_t)(physical % PAGE_SIZE);
    mask_all(number, physical, entries);
    struct entry *entry = first_entry(number);
    entry->address = APIC_MESSAGES | apic_id() << 12;
    entry->address_high = 0;
    entry->data = VECTOR_MESSAGES + number;
    pci_messages_on(function);
}

void message_mask(uint32_t number, bool masked) {
    first_entry(number)->control = masked ? ENTRY_MASKED : 0;
}
