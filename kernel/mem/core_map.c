// SPDX-License-Identifier: MIT
/*
 * Fixed mappings of the core's quarter, made while it starts.
 */
#include "kernel/fence/view.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"

#include <stdbool.h>

static bool fits_large(uint32_t address, frame_t frame, uint32_t pages) {
    return address % TABLE_BYTES == 0 && frame % TABLE_ENTRIES == 0 && pages >= TABLE_ENTRIES;
}

void core_map(uint32_t address, frame_t first, uint32_t pages, uint64_t flags) {
    frame_t directory = ((uint32_t)core_directory - CORE_BASE) >> PAGE_SHIFT;

    while (pages > 0) {
        uint32_t step = fits_large(address, first, pages) ? TABLE_ENTRIES : 1;

        if (step > 1) {
            uint64_t *entry = &core_directory[address / TABLE_BYTES % TABLE_ENTRIES];
            table_store(entry, PTE_PAGE(first) | flags | PTE_LARGE | PTE_PRESENT);
        } else {
            uint64_t *entry = table_entry_make(directory, address, ACCOUNT_CORE);
            if (!entry)
                panic("no memory for the core's own page tables");
            table_store(entry, PTE_PAGE(first) | flags | PTE_PRESENT);
        }
        address += step * PAGE_SIZE;
        first += step;
        pages -= step;
    }
}
