// SPDX-License-Identifier: MIT
/*
 *   floating pointer "_MP_" ──> configuration table "PCMP" ──> one entry a processor, 20 bytes; all others 8
 *                └ or the number of a default configuration: two processors
 */
#include "kernel/dev/processor_list.h"

#include <string.h>

#define BASE_MEMORY_KIBIBYTES 0x413
#define BASE_MEMORY_MOST      640u
#define BIOS_AREA             0xF0000u
#define BIOS_AREA_BYTES       0x10000u
#define AREA_BYTES            1024u
#define ENTRY_PROCESSOR       0
#define PROCESSOR_BYTES       20u
#define OTHER_BYTES           8u
#define PROCESSOR_ENABLED     1u

struct floating_pointer {
    char signature[4];
    uint32_t table;
    uint8_t length, revision, checksum;
    uint8_t default_configuration, features[4];
} __attribute__((packed));

struct configuration_table {
    char signature[4];
    uint16_t length;
    uint8_t revision, checksum;
    char maker[8], product[12];
    uint32_t maker_table;
    uint16_t maker_table_bytes, entry_count;
    uint32_t apic_address;
    uint16_t extended_length;
    uint8_t extended_checksum, reserved;
} __attribute__((packed));

struct processor_entry {
    uint8_t type, apic_id, apic_version, flags;
};

_Static_assert(sizeof(struct floating_pointer) == 16, "MP specification 1.4, 4.1");
_Static_assert(sizeof(struct configuration_table) == 44, "MP specification 1.4, 4.2");

static uint64_t search(firmware_read *read, uint64_t start, uint32_t length) {
    return firmware_search(read, start, length, "_MP_", sizeof(struct floating_pointer));
}

static bool find_pointer(firmware_read *read, struct floating_pointer *pointer) {
    uint64_t area = firmware_extended_area(read), at = area ? search(read, area, AREA_BYTES) : 0;
    uint16_t base = 0;

    if (at == 0 && read(BASE_MEMORY_KIBIBYTES, &base, sizeof base) && base != 0 &&
        base <= BASE_MEMORY_MOST)
        at = search(read, (uint64_t)(base - 1) * 1024, AREA_BYTES);
    if (at == 0)
        at = search(read, BIOS_AREA, BIOS_AREA_BYTES);
    return at != 0 && read(at, pointer, sizeof *pointer);
}

static void list_table(firmware_read *read, uint64_t start, uint32_t length,
                       struct processor_list *list) {
    uint32_t at = sizeof(struct configuration_table);

    while (at + OTHER_BYTES <= length) {
        struct processor_entry entry;

        if (!read(start + at, &entry, sizeof entry))
            return;
        if (entry.type == ENTRY_PROCESSOR && entry.flags & PROCESSOR_ENABLED)
            processor_list_add(list, entry.apic_id);
        at += entry.type == ENTRY_PROCESSOR ? PROCESSOR_BYTES : OTHER_BYTES;
    }
}

bool mp_table_list_processors(firmware_read *read, struct processor_list *list) {
    struct floating_pointer pointer;
    struct configuration_table table;

    list->count = 0;
    if (!find_pointer(read, &pointer))
        return false;
    if (pointer.default_configuration != 0) {
        processor_list_add(list, 0);
        processor_list_add(list, 1);
        return true;
    }
    if (pointer.table == 0 || !read(pointer.table, &table, sizeof table) ||
        memcmp(table.signature, "PCMP", sizeof table.signature) != 0 ||
        table.length < sizeof table || !firmware_sum_is_zero(read, pointer.table, table.length))
        return false;
    list_table(read, pointer.table, table.length, list);
    return list->count != 0;
}
