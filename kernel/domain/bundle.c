// SPDX-License-Identifier: MIT
/*
 * The parser of one bundle. What it answers for a bad one is shown to a person.
 */
#include "kernel/domain/bundle.h"

#include "kernel/abi/layout.h"

#include <stddef.h>

static const char magic[8] = "RFBNDL1";

static bool is_name(const char name[48]) {
    uint32_t length = 0;

    while (length < 48 && name[length] > ' ' && name[length] <= '~')
        length++;
    return length > 0 && length < 48 && name[length] == '\0';
}

static const char *check_entry(const struct bundle_entry *entry, uint32_t first, uint32_t total) {
    if (entry->kind < BUNDLE_DRIVER || entry->kind > BUNDLE_FILE)
        return "an entry is of no known kind";
    if (!is_name(entry->name))
        return "an entry's name is empty, unprintable or not ended";
    if (entry->offset % PAGE_SIZE != 0 || entry->offset < first)
        return "a payload does not start on a page of its own";
    if (entry->size == 0 && entry->kind != BUNDLE_FILE)
        return "a payload that is no file is empty";
    if (entry->offset > total || entry->size > total - entry->offset)
        return "a payload reaches past the end";
    return NULL;
}

/* Payloads may not share a page: each must begin at or behind the end of every one listed before
 * it. */
static bool is_behind(const struct bundle_entry *entry, const struct bundle_entry *previous) {
    return entry->offset >= previous->offset + previous->size;
}

const char *bundle_check(const void *bundle, uint32_t bytes) {
    const struct bundle_header *header = bundle;
    uint32_t first;

    if (bytes < sizeof *header)
        return "shorter than a bundle's header";
    if (__builtin_memcmp(header->magic, magic, sizeof magic) != 0)
        return "not a bundle: wrong magic";
    if (header->total_size > bytes)
        return "cut short: the header says that it is longer";
    if (header->entry_count > BUNDLE_ITEMS)
        return "more entries than the core can keep";
    first = (uint32_t)(sizeof *header + header->entry_count * sizeof header->entries[0]);
    if (first > header->total_size)
        return "cut short: the entries do not fit";
    for (uint32_t i = 0; i < header->entry_count; i++) {
        const char *wrong = check_entry(&header->entries[i], first, header->total_size);

        if (wrong)
            return wrong;
        if (i > 0 && !is_behind(&header->entries[i], &header->entries[i - 1]))
            return "payloads overlap or are out of order";
    }
    return NULL;
}
