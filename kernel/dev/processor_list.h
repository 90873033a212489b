// SPDX-License-Identifier: MIT
/*
 * Which processors a machine has, as its firmware says: by ACPI's MADT (ACPI 6.5, 5.2.12), or on older machines
 * by the MP table (MultiProcessor Specification 1.4, chapter 4).
 *
 * Pure logic: `read` copies physical memory and answers false where there is none. Whatever the tables say, nothing
 * is read beyond their lengths, and these are bounded.
 */
#ifndef KERNEL_DEV_PROCESSOR_LIST_H
#define KERNEL_DEV_PROCESSOR_LIST_H

#include <stdbool.h>
#include <stdint.h>

#define PROCESSORS_MAX 64u

typedef bool firmware_read(uint64_t physical, void *to, uint32_t bytes);

struct processor_list {
    uint32_t count; /* of those that may be used */
    uint8_t apic_ids[PROCESSORS_MAX];
};

/* Each answers false, and lists nothing, if the machine has no such table or it is damaged. `rsdp` is what the boot
 * loader passed on, or all zero: then the BIOS area is searched. */
bool acpi_list_processors(firmware_read *read, const uint8_t rsdp[36], struct processor_list *list);
bool mp_table_list_processors(firmware_read *read, struct processor_list *list);

/* For the two: adds one, unless the list is full or has it. */
void processor_list_add(struct processor_list *list, uint32_t apic_id);
/* For the two: looks for `signature` in steps of 16 bytes; the first place where `bytes` bytes (at most 64) add up
 * to 0, or 0. */
uint64_t firmware_search(firmware_read *read, uint64_t start, uint32_t length,
                         const char *signature, uint32_t bytes);
/* Do the `bytes` bytes from `physical` on add up to 0, as all firmware tables do? */
bool firmware_sum_is_zero(firmware_read *read, uint64_t physical, uint32_t bytes);
/* The extended BIOS data area, from 0x40E on; 0 if that is nonsense. */
uint64_t firmware_extended_area(firmware_read *read);

#endif
