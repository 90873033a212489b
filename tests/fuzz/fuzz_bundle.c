// SPDX-License-Identifier: MIT
// sources: kernel/domain/bundle.c
/*
 * Boot bundles. Of one that passes every payload lies inside it, on pages of its own.
 */
#include "kernel/abi/layout.h"
#include "kernel/domain/bundle.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct bundle_header *header = (const void *)data;
    uint64_t below = 0;

    if (bundle_check(data, (uint32_t)size) != NULL)
        return 0;
    PROMISE(header->total_size <= size && header->entry_count <= BUNDLE_ITEMS);
    for (uint32_t i = 0; i < header->entry_count; i++) {
        const struct bundle_entry *entry = &header->entries[i];
        uint64_t end = (uint64_t)entry->offset + entry->size;

        PROMISE(entry->offset % PAGE_SIZE == 0 && entry->offset >= below && end <= size);
        PROMISE(memchr(entry->name, '\0', sizeof entry->name));
        touch(data + entry->offset, entry->size);
        below = end;
    }
    return 0;
}
