// SPDX-License-Identifier: MIT
/*
 * Two levels below a page-directory pointer (Intel SDM 3A 4.4.2):
 *
 *   bits 29..21 of the address  ->  directory entry  ->  page table
 *   bits 20..12                 ->  table entry      ->  page
 *
 * Directories and tables are frames of whoever owns the quarter and are reached through windows
 * only. The user bit of a directory entry is set exactly for the app's half: a manager's pages stay
 * supervisor.
 */
#include "kernel/mem/table.h"

#include "kernel/abi/layout.h"
#include "kernel/mem/window.h"

#include <stddef.h>

static uint32_t directory_index(uint32_t address) {
    return address >> 21 & (TABLE_ENTRIES - 1);
}
static uint32_t table_index(uint32_t address) {
    return address >> PAGE_SHIFT & (TABLE_ENTRIES - 1);
}

static uint64_t *walk(frame_t directory, uint32_t address, enum window_slot directory_slot,
                      enum window_slot table_slot) {
    const uint64_t *entries = window_map(directory_slot, directory);
    uint64_t entry = entries[directory_index(address)];

    if (!is_present(entry) || (uint32_t)entry & (uint32_t)PTE_LARGE)
        return NULL;
    return (uint64_t *)window_map(table_slot, PTE_FRAME(entry)) + table_index(address);
}

uint64_t *table_entry(frame_t directory, uint32_t address) {
    return walk(directory, address, WINDOW_DIRECTORY, WINDOW_TABLE);
}

uint64_t *table_index_entry(frame_t directory, uint32_t address) {
    return walk(directory, address, WINDOW_INDEX_DIRECTORY, WINDOW_INDEX_TABLE);
}

bool table_missing(frame_t directory, uint32_t address) {
    const uint64_t *entries = window_map(WINDOW_DIRECTORY, directory);

    return !(entries[directory_index(address)] & PTE_PRESENT);
}

uint64_t *table_entry_make(frame_t directory, uint32_t address, account_t account) {
    uint64_t rights = PTE_PRESENT | PTE_WRITE | (address < APP_LIMIT ? PTE_USER : PTE_MANAGER);

    if (table_missing(directory, address)) {
        frame_t table = frame_take(account, FRAME_TABLE);
        uint64_t *entries = window_map(WINDOW_DIRECTORY, directory);

        if (table == NO_FRAME_T)
            return NULL;
        table_store(&entries[directory_index(address)], PTE_PAGE(table) | rights);
    }
    return table_entry(directory, address);
}
