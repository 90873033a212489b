// SPDX-License-Identifier: MIT
/*
 *   RSDP ──> XSDT (64-bit entries) or RSDT (32-bit) ──> "APIC", the MADT ──> one entry a processor
 */
#include "kernel/dev/processor_list.h"

#include <string.h>

#define BIOS_AREA           0xE0000u
#define BIOS_AREA_BYTES     0x20000u
#define EXTENDED_AREA_BYTES 1024u
#define RSDP_BYTES          20u /* what its first checksum covers */
#define TABLE_MOST          0x40000u
#define ENTRY_LOCAL_APIC    0
#define ENTRY_LOCAL_X2APIC  9
#define PROCESSOR_ENABLED   1u

struct root_pointer {
    char signature[8];
    uint8_t checksum;
    char maker[6];
    uint8_t revision;
    uint32_t rsdt, length;
    uint64_t xsdt;
    uint8_t extended_checksum, reserved[3];
} __attribute__((packed));

struct table_header {
    char signature[4];
    uint32_t length;
    uint8_t revision, checksum;
    char maker[6], table[8];
    uint32_t maker_revision, creator, creator_revision;
} __attribute__((packed));

struct madt {
    struct table_header header;
    uint32_t apic_address, flags;
} __attribute__((packed));

struct madt_entry {
    uint8_t type, length;
    union {
        struct {
            uint8_t processor, apic_id;
            uint32_t flags;
        } __attribute__((packed)) apic;
        struct {
            uint16_t reserved;
            uint32_t apic_id, flags, processor;
        } __attribute__((packed)) x2apic;
    };
} __attribute__((packed));

_Static_assert(sizeof(struct root_pointer) == 36, "ACPI 6.5, 5.2.5.3");

static bool find_root(firmware_read *read, struct root_pointer *root) {
    uint64_t area = firmware_extended_area(read), at = 0;

    if (area)
        at = firmware_search(read, area, EXTENDED_AREA_BYTES, "RSD PTR ", RSDP_BYTES);
    if (at == 0)
        at = firmware_search(read, BIOS_AREA, BIOS_AREA_BYTES, "RSD PTR ", RSDP_BYTES);
    if (at == 0 || !read(at, root, RSDP_BYTES))
        return false;
    return root->revision < 2 || read(at, root, sizeof *root);
}

/* A table whose length and checksum are good. */
static bool read_header(firmware_read *read, uint64_t at, struct table_header *header) {
    return at != 0 && read(at, header, sizeof *header) && header->length >= sizeof *header &&
           header->length <= TABLE_MOST && firmware_sum_is_zero(read, at, header->length);
}

/* The MADT's address; 0: there is none. */
static uint64_t find_madt(firmware_read *read, uint64_t table, uint32_t entry_bytes,
                          struct table_header *found) {
    struct table_header header;

    if (!read_header(read, table, &header))
        return 0;
    for (uint32_t at = sizeof header; at + entry_bytes <= header.length; at += entry_bytes) {
        uint64_t address = 0;

        if (read(table + at, &address, entry_bytes) && read_header(read, address, found) &&
            memcmp(found->signature, "APIC", sizeof found->signature) == 0)
            return address;
    }
    return 0;
}

static void add_entry(const struct madt_entry *entry, struct processor_list *list) {
    if (entry->type == ENTRY_LOCAL_APIC && entry->length >= 2 + sizeof entry->apic &&
        entry->apic.flags & PROCESSOR_ENABLED)
        processor_list_add(list, entry->apic.apic_id);
    if (entry->type == ENTRY_LOCAL_X2APIC && entry->length >= 2 + sizeof entry->x2apic &&
        entry->x2apic.flags & PROCESSOR_ENABLED)
        processor_list_add(list, entry->x2apic.apic_id);
}

static void list_madt(firmware_read *read, uint64_t madt, uint32_t length,
                      struct processor_list *list) {
    uint32_t at = sizeof(struct madt);

    while (at + 2 <= length) {
        struct madt_entry entry = {0};
        uint32_t most = length - at < sizeof entry ? length - at : (uint32_t)sizeof entry;

        if (!read(madt + at, &entry, most) || entry.length < 2 || entry.length > length - at)
            return;
        add_entry(&entry, list);
        at += entry.length;
    }
}

bool acpi_list_processors(firmware_read *read, const uint8_t rsdp[36],
                          struct processor_list *list) {
    struct root_pointer root = {0};
    struct table_header madt;
    uint64_t at = 0;

    list->count = 0;
    memcpy(&root, rsdp, sizeof root);
    if (root.signature[0] == 0 && !find_root(read, &root))
        return false;
    if (root.revision >= 2)
        at = find_madt(read, root.xsdt, 8, &madt);
    if (at == 0)
        at = find_madt(read, root.rsdt, 4, &madt);
    if (at == 0)
        return false;
    list_madt(read, at, madt.length, list);
    return list->count != 0;
}
