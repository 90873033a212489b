// SPDX-License-Identifier: MIT
/*
 * Next fit over a bitmap: the search goes on behind the last page given out and wraps once.
 *
 * Other CPUs may remember where a page was. So a page that is given back stays in use until the search wraps;
 * then all of them forget at once:
 *
 *   free ──region_take──> in use ──region_give──> in use, stale ──the search wraps──> free
 */
#include "kernel/mem/object_region.h"

#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"
#include "kernel/fence/view.h"
#include "kernel/mem/table.h"

#include <stdbool.h>
#include <stddef.h>

#define TABLES (OBJECT_REGION_PAGES / TABLE_ENTRIES)

static uint64_t entries[OBJECT_REGION_PAGES] __attribute__((aligned(PAGE_SIZE)));
static uint32_t in_use[OBJECT_REGION_PAGES / 32], stale[OBJECT_REGION_PAGES / 32];
static uint32_t search_from;

static uint32_t page_number(const void *address) {
    return ((uint32_t)address - CORE_OBJECTS) >> PAGE_SHIFT;
}

void region_initialise(void) {
    uint32_t first = CORE_OBJECTS / TABLE_BYTES & (TABLE_ENTRIES - 1);

    for (uint32_t table = 0; table < TABLES; table++) {
        uint32_t physical = (uint32_t)&entries[table * TABLE_ENTRIES] - CORE_BASE;
        core_directory[first + table] = physical | PTE_PRESENT | PTE_WRITE;
    }
}

static bool is_used(uint32_t page) {
    return in_use[page / 32] >> (page % 32) & 1;
}

static void set(uint32_t *bitmap, uint32_t first, uint32_t pages) {
    for (uint32_t page = first; page < first + pages; page++)
        bitmap[page / 32] |= 1u << (page % 32);
}

/* No CPU remembers a page that is not in use any more. */
static void forget_stale(void) {
    remote_forget_all();
    for (uint32_t word = 0; word < OBJECT_REGION_PAGES / 32; word++) {
        in_use[word] &= ~stale[word];
        stale[word] = 0;
    }
}

/* The first page of a free run that starts in [from, end); OBJECT_REGION_PAGES if there is none. */
static uint32_t find_run(uint32_t from, uint32_t end, uint32_t pages) {
    uint32_t run = 0;

    for (uint32_t page = from; page < OBJECT_REGION_PAGES && page - run < end; page++) {
        if (page % 32 == 0 && in_use[page / 32] == UINT32_MAX) {
            run = 0;
            page += 31;
            continue;
        }
        run = is_used(page) ? 0 : run + 1;
        if (run == pages)
            return page - run + 1;
    }
    return OBJECT_REGION_PAGES;
}

void *region_take(uint32_t pages) {
    uint32_t first = find_run(search_from, OBJECT_REGION_PAGES, pages);

    if (first == OBJECT_REGION_PAGES) {
        forget_stale();
        first = find_run(0, OBJECT_REGION_PAGES, pages);
    }
    if (first == OBJECT_REGION_PAGES)
        return NULL;
    set(in_use, first, pages);
    search_from = first + pages;
    return (void *)(CORE_OBJECTS + (first << PAGE_SHIFT));
}

void region_give(void *start, uint32_t pages) {
    set(stale, page_number(start), pages);
}

void region_map(void *page, frame_t frame) {
    table_store(&entries[page_number(page)], PTE_PAGE(frame) | PTE_PRESENT | PTE_WRITE | PTE_NX);
}

frame_t region_unmap(void *page) {
    frame_t frame = region_frame(page);

    table_store(&entries[page_number(page)], 0);
    invalidate_page((uint32_t)page);
    return frame;
}

frame_t region_frame(const void *address) {
    return PTE_FRAME(entries[page_number(address)]);
}
