// SPDX-License-Identifier: MIT
#include "userland/lib/partition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR       512u
#define HEADER_LEAST 92u
#define ENTRY_LEAST  128u
#define ENTRY_MOST   4096u
#define ENTRIES_MOST 256u
#define NAME_UNITS   36u

struct header { /* UEFI 2.10, table 5-5 */
    char signature[8];
    uint32_t revision, bytes, sum, reserved;
    uint64_t own, other, first_usable, last_usable;
    uint8_t disk[16];
    uint64_t entries;
    uint32_t count, entry_bytes, entries_sum;
};

struct entry { /* table 5-6 */
    uint8_t type[16], self[16];
    uint64_t first, last, attributes;
    uint16_t name[NAME_UNITS];
};

_Static_assert(offsetof(struct header, entries_sum) == 88, "as on the disk");
_Static_assert(sizeof(struct entry) == ENTRY_LEAST, "as on the disk");

static uint32_t sum_of(const void *bytes, size_t count) { /* CRC-32 of ISO 3309 */
    const uint8_t *at = bytes;
    uint32_t sum = ~0u;
    for (size_t n = 0; n < count; n++) {
        sum ^= at[n];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0);
    }
    return ~sum;
}

/* ---- One table ---- */

static const char *check_header(const struct header *header, uint8_t *sector, uint64_t at,
                                uint64_t sectors) {
    uint64_t table = (uint64_t)header->count * header->entry_bytes;
    if (memcmp(header->signature, "EFI PART", 8) != 0)
        return "no partition table";
    if (header->bytes < HEADER_LEAST || header->bytes > SECTOR)
        return "a header of an impossible length";
    memset(sector + offsetof(struct header, sum), 0, sizeof header->sum);
    if (sum_of(sector, header->bytes) != header->sum)
        return "a header whose checksum is wrong";
    if (header->own != at)
        return "a header that belongs elsewhere";
    if (header->entry_bytes < ENTRY_LEAST || header->entry_bytes > ENTRY_MOST ||
        header->entry_bytes % ENTRY_LEAST != 0 || header->count == 0 ||
        header->count > ENTRIES_MOST)
        return "entries of impossible number or size";
    if (header->entries < 2 || header->entries >= sectors ||
        table > (sectors - header->entries) * SECTOR)
        return "entries past the disk's end";
    if (header->first_usable > header->last_usable || header->last_usable >= sectors)
        return "a usable part past the disk's end";
    return NULL;
}

static bool is_used(const struct entry *entry) {
    static const uint8_t none[16];
    return memcmp(entry->type, none, sizeof none) != 0;
}

static const struct entry *entry_at(const struct header *header, const uint8_t *table,
                                    uint32_t number) {
    return (const struct entry *)(const void *)(table + (size_t)number * header->entry_bytes);
}

static bool overlap(const struct entry *one, const struct entry *other) {
    return one->first <= other->last && other->first <= one->last;
}

static const char *check_entries(const struct header *header, const uint8_t *table) {
    for (uint32_t n = 0; n < header->count; n++) {
        const struct entry *entry = entry_at(header, table, n);
        if (!is_used(entry))
            continue;
        if (entry->first > entry->last || entry->first < header->first_usable ||
            entry->last > header->last_usable)
            return "a partition outside of the disk's usable part";
        for (uint32_t other = 0; other < n; other++)
            if (is_used(entry_at(header, table, other)) &&
                overlap(entry, entry_at(header, table, other)))
                return "partitions that overlap";
    }
    return NULL;
}

/* The entries of the table whose header is in sector `at`, the caller's; NULL: *wrong. */
static uint8_t *read_table(const struct partition_disk *disk, uint64_t at, struct header *header,
                           const char **wrong) {
    uint8_t sector[SECTOR];
    if (!disk->read(disk->context, at * SECTOR, sector, sizeof sector)) {
        *wrong = "a sector that cannot be read";
        return NULL;
    }
    memcpy(header, sector, sizeof *header);
    *wrong = check_header(header, sector, at, disk->bytes / SECTOR);
    if (*wrong)
        return NULL;
    size_t bytes = (size_t)header->count * header->entry_bytes;
    uint8_t *table = malloc(bytes);
    if (!table || !disk->read(disk->context, header->entries * SECTOR, table, bytes))
        *wrong = "entries that cannot be read";
    else if (sum_of(table, bytes) != header->entries_sum)
        *wrong = "entries whose checksum is wrong";
    else
        *wrong = check_entries(header, table);
    if (!*wrong)
        return table;
    free(table);
    return NULL;
}

/* ---- Names ---- */

static bool has_name(const struct entry *entry, const char *name) {
    size_t length = strlen(name);
    if (length > NAME_UNITS)
        return false;
    for (size_t n = 0; n < length; n++)
        if (entry->name[n] != (uint8_t)name[n])
            return false;
    return length == NAME_UNITS || entry->name[length] == 0;
}

static bool find_name(const struct header *header, const uint8_t *table, const char *name,
                      uint64_t *offset, uint64_t *bytes, char *complaint) {
    const struct entry *found = NULL;
    for (uint32_t n = 0; n < header->count; n++) {
        const struct entry *entry = entry_at(header, table, n);
        if (!is_used(entry) || !has_name(entry, name))
            continue;
        if (found) {
            snprintf(complaint, PARTITION_COMPLAINT, "two partitions are named %.40s", name);
            return false;
        }
        found = entry;
    }
    if (!found) {
        snprintf(complaint, PARTITION_COMPLAINT, "no partition is named %.40s", name);
        return false;
    }
    *offset = found->first * SECTOR;
    *bytes = (found->last - found->first + 1) * SECTOR;
    return true;
}

bool partition_find(const struct partition_disk *disk, const char *name, uint64_t *offset,
                    uint64_t *bytes, char complaint[PARTITION_COMPLAINT]) {
    struct header header;
    const char *wrong = "it is too small for a partition table", *wrong_too = NULL;
    uint64_t sectors = disk->bytes / SECTOR;
    uint8_t *table = NULL;
    if (sectors >= 4)
        table = read_table(disk, 1, &header, &wrong);
    if (!table && sectors >= 4)
        table = read_table(disk, sectors - 1, &header, &wrong_too);
    if (!table) {
        snprintf(complaint, PARTITION_COMPLAINT, "%s%s%s", wrong, wrong_too ? "; at its end " : "",
                 wrong_too ? wrong_too : "");
        return false;
    }
    bool found = find_name(&header, table, name, offset, bytes, complaint);
    free(table);
    return found;
}
