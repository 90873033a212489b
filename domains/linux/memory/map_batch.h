// SPDX-License-Identifier: MIT
/*
 * Map requests collected into few gate calls.
 */
#ifndef DOMAINS_LINUX_MEMORY_MAP_BATCH_H
#define DOMAINS_LINUX_MEMORY_MAP_BATCH_H

#include "domains/lib/gate.h"
#include "domains/linux/memory/area.h"

#include <stdbool.h>

#define MAP_BATCH_ENTRIES 32

struct map_batch {
    uint32_t handle;
    uint32_t count;
    bool failed; /* the core had no memory for a page table */
    struct map_entry entries[MAP_BATCH_ENTRIES];
};

static inline void map_batch_flush(struct map_batch *batch) {
    if (batch->count > 0 && space_map(batch->handle, batch->entries, batch->count) != STATUS_OK)
        batch->failed = true;
    batch->count = 0;
}

/* rights: MAP_PRESENT and its like, from kernel/abi/memory.h. */
static inline void map_batch_add(struct map_batch *batch, uint32_t address, uint32_t rights,
                                 uint32_t frame) {
    if (batch->count == MAP_BATCH_ENTRIES)
        map_batch_flush(batch);
    batch->entries[batch->count].address = address | rights;
    batch->entries[batch->count++].frame = frame;
}

/* What the core is told of an area's protection. */
static inline uint32_t area_rights(const struct area *area, bool writable) {
    return MAP_PRESENT | (writable && area->protection & PROT_WRITE ? MAP_WRITE : 0) |
           (area->protection & PROT_EXEC ? MAP_EXECUTE : 0);
}

#endif
