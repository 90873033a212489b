// SPDX-License-Identifier: MIT
/*
 * The end of the boot mapping. The core starts with 64 MiB of physical memory mapped at CORE_BASE, writable and
 * executable. When everything that is built once has been built, only its own image stays, each part with
 * the rights it needs; other frames are reached through mapping windows alone.
 *
 *   first MiB        firmware tables, VGA text (panic)   rw -
 *   text             core_image_start .. core_text_end   r- x
 *   rodata           .. core_rodata_end                  r- -
 *   entry text       executed at ENTRY_TEXT, not here    r- -
 *   data, bss, symbols                                   rw -
 */
#include "kernel/mem/core_seal.h"

#include "kernel/cpu/registers.h"
#include "kernel/fence/view.h"
#include "kernel/layout.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"

#define DIRECTORY_INDEX(address) ((address) / TABLE_BYTES % TABLE_ENTRIES)

extern const char core_image_start[], core_text_end[], core_rodata_end[], core_data_start[],
    core_image_end[];

static uint64_t rights(uint32_t address) {
    if (address < (uint32_t)core_image_start)
        return PTE_PRESENT | PTE_WRITE | PTE_NX;
    if (address < (uint32_t)core_text_end)
        return PTE_PRESENT;
    if (address < (uint32_t)core_data_start)
        return PTE_PRESENT | PTE_NX;
    return address < (uint32_t)core_image_end ? PTE_PRESENT | PTE_WRITE | PTE_NX : 0;
}

/* Replaces the large page at `start` by a table of small ones. */
static void split(uint32_t start) {
    frame_t frame = frame_take(ACCOUNT_CORE, FRAME_CORE);
    uint64_t *table = window_map(WINDOW_TABLE, frame);

    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        uint32_t address = start + i * PAGE_SIZE;
        uint64_t flags = rights(address);

        table[i] = flags ? (address - CORE_BASE) | flags : 0;
    }
    core_directory[DIRECTORY_INDEX(start)] = PTE_PAGE(frame) | PTE_PRESENT | PTE_WRITE;
}

void core_seal(void) {
    for (uint32_t start = CORE_BASE; start < CORE_MODULES; start += TABLE_BYTES)
        if (start < (uint32_t)core_image_end)
            split(start);
        else
            core_directory[DIRECTORY_INDEX(start)] = 0;
    write_cr3(read_cr3());
}
