// SPDX-License-Identifier: MIT
/*
 * Two page tables make a slot. They hang in core_directory, which the inner view of every CPU uses,
 * and in the driver view while the driver runs under the paging fence.
 *
 * What is in a slot is decided here and nowhere else: no page is both writable and executable, what
 * the core tells the driver (information, LDT) is read-only to it, and the core writes those two
 * through a mapping of its own at CORE_DRIVERS.
 */
#include "kernel/domain/driver_slot.h"

#include "kernel/cpu/ldt.h"
#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/domain/bundle.h"
#include "kernel/fence/view.h"
#include "kernel/layout.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"

#include <stddef.h>
#include <string.h>

#define OWN_PAGES       4u  /* two page tables, information, LDT */
#define REFILL_PASSES   8u  /* over a page, in one slice: at most 9,000 instructions */
#define REFILL_VISITED  64u /* pages, likewise: 4,000 */
#define FLAGS_READ      (PTE_PRESENT | PTE_NX)
#define FLAGS_READWRITE (PTE_PRESENT | PTE_WRITE | PTE_NX)
#define FLAGS_EXECUTE   PTE_PRESENT

_Static_assert(DRIVER_STACK_TOP - DRIVER_STACK_SIZE > DRIVER_IMAGE, "the image is below the stack");
_Static_assert(CORE_DRIVERS + DRIVER_MAX * 2 * PAGE_SIZE <= CORE_DRIVERS_LIMIT, "two pages each");

static uint64_t *slot_entry(const struct driver *driver, uint32_t offset) {
    uint64_t *table = window_map(WINDOW_TABLE, driver->directory_table[offset / TABLE_BYTES]);
    return &table[offset / PAGE_SIZE % TABLE_ENTRIES];
}

static uint32_t pages_in(uint32_t bytes) {
    return (bytes + PAGE_SIZE - 1) / PAGE_SIZE;
}

static frame_t take(struct driver *driver, enum frame_kind kind) {
    driver->frames++;
    return frame_take((account_t)(ACCOUNT_DRIVER + driver->number), kind);
}

static void place(struct driver *driver, uint32_t offset, frame_t frame, uint64_t flags) {
    table_store(slot_entry(driver, offset), PTE_PAGE(frame) | flags);
}

static void place_new(struct driver *driver, uint32_t offset, uint32_t pages, uint64_t flags) {
    for (uint32_t page = 0; page < pages; page++)
        place(driver, offset + page * PAGE_SIZE, take(driver, FRAME_DRIVER), flags);
}

/* ---- The image ---- */

static uint32_t segment_first(const struct elf_segment *segment) {
    return segment->address & ~(PAGE_SIZE - 1);
}

static uint32_t segment_pages(const struct elf_segment *segment) {
    return pages_in(segment->address + segment->memory_bytes - segment_first(segment));
}

static uint64_t segment_flags(const struct elf_segment *segment) {
    if (segment->execute)
        return FLAGS_EXECUTE | (DEFENCE_DRIVER_TEXT_READ_ONLY ? 0 : PTE_WRITE);
    return segment->write ? FLAGS_READWRITE : FLAGS_READ;
}

/* ---- Building ---- */

static uint32_t bounce_pages(const struct driver *driver) {
    return driver->manifest.dma ? 0 : DRIVER_BOUNCE_DEPTH * DRIVER_BOUNCE_SIZE / PAGE_SIZE;
}

static uint32_t frames_needed(const struct driver *driver) {
    uint32_t needed = OWN_PAGES + DRIVER_STACK_SIZE / PAGE_SIZE + bounce_pages(driver) +
                      driver->manifest.dma_frames;
    for (uint32_t n = 0; n < driver->image.segment_count; n++)
        needed += segment_pages(&driver->image.segments[n]);
    return needed;
}

static frame_t take_dma(struct driver *driver) {
    uint32_t count = driver->manifest.dma_frames;
    driver->frames += count;
    return frame_take_contiguous(count, (account_t)(ACCOUNT_DRIVER + driver->number), FRAME_DRIVER);
}

static void place_dma(struct driver *driver, frame_t first) {
    driver->information->dma_bus_address = PTE_PAGE(first);
    for (uint32_t page = 0; page < driver->manifest.dma_frames; page++)
        place(driver, DRIVER_DMA + page * PAGE_SIZE, first + page, FLAGS_READWRITE);
}

/* A page that the driver reads at `offset` and the core writes at `address`. */
static void place_told(struct driver *driver, uint32_t offset, uint32_t address) {
    frame_t frame = take(driver, FRAME_DRIVER);
    core_map(address, frame, 1, FLAGS_READWRITE);
    place(driver, offset, frame, DEFENCE_CORE_PAGES_READ_ONLY ? FLAGS_READ : FLAGS_READWRITE);
}

static void place_tables(struct driver *driver) {
    for (uint32_t half = 0; half < 2; half++) {
        driver->directory_table[half] = take(driver, FRAME_TABLE);
        core_directory[(driver->slot - DRIVER_SLOTS) / TABLE_BYTES + half] =
            PTE_PAGE(driver->directory_table[half]) | PTE_PRESENT | PTE_WRITE;
    }
    write_cr3(read_cr3());
}

static void place_memory(struct driver *driver) {
    for (uint32_t n = 0; n < driver->image.segment_count; n++) {
        const struct elf_segment *segment = &driver->image.segments[n];
        place_new(driver, segment_first(segment), segment_pages(segment), segment_flags(segment));
    }
    place_new(driver, DRIVER_STACK_TOP - DRIVER_STACK_SIZE, DRIVER_STACK_SIZE / PAGE_SIZE,
              FLAGS_READWRITE);
    place_new(driver, DRIVER_BOUNCE, bounce_pages(driver), FLAGS_READWRITE);
}

static void place_all_told(struct driver *driver) {
    uint32_t told = CORE_DRIVERS + driver->number * 2 * PAGE_SIZE;
    place_told(driver, DRIVER_INFORMATION, told);
    place_told(driver, DRIVER_LDT, told + PAGE_SIZE);
    driver->information = (struct driver_information *)told;
    driver->ldt = (uint64_t *)(told + PAGE_SIZE);
    ldt_build_driver(driver->ldt, driver->slot);
}

const char *slot_build(struct driver *driver) {
    if (frames_needed(driver) > frames_free_count())
        return "not enough memory";
    frame_t dma = driver->manifest.dma_frames != 0 ? take_dma(driver) : NO_FRAME_T;
    if (driver->manifest.dma_frames != 0 && dma == NO_FRAME_T)
        return "no contiguous memory for its DMA area";
    place_tables(driver);
    place_all_told(driver);
    place_memory(driver);
    if (dma != NO_FRAME_T)
        place_dma(driver, dma);
    return NULL;
}

/* RAM is never device memory, whatever a manifest or a BAR says. */
static bool is_ram(frame_t frame) {
    const struct frame_record *record = frame_record(frame);
    return record != NULL && record->kind != FRAME_UNUSABLE;
}

const char *slot_check_device(uint32_t offset, uint64_t physical, uint32_t bytes) {
    uint32_t pages = pages_in(bytes);
    if (bytes > DRIVER_INFORMATION - offset || (physical + bytes - 1) >> PAGE_SHIFT > UINT32_MAX)
        return "its device memory does not fit into the slot";
    for (uint32_t page = 0; page < pages; page++)
        if (is_ram((frame_t)(physical >> PAGE_SHIFT) + page))
            return "its device memory is RAM";
    return NULL;
}

void slot_map_device(struct driver *driver, uint32_t offset, uint64_t physical, uint32_t bytes) {
    for (uint32_t page = 0; page < pages_in(bytes); page++)
        place(driver, offset + page * PAGE_SIZE, (frame_t)(physical >> PAGE_SHIFT) + page,
              FLAGS_READWRITE | PTE_UNCACHED | PTE_DEVICE);
}

/* ---- Filling ---- */

/* The part of a segment's file bytes that belongs to the page at `offset`. */
static void copy_segment(const struct driver *driver, const struct elf_segment *segment,
                         uint32_t offset, uint8_t *page) {
    uint32_t start = segment->address, end = start + segment->file_bytes;
    uint32_t from = start > offset ? start : offset;
    uint32_t to = end < offset + PAGE_SIZE ? end : offset + PAGE_SIZE;
    if (from < to)
        memcpy(page + (from - offset), driver->item->data + segment->file_offset + (from - start),
               to - from);
}

static void make_page(const struct driver *driver, uint32_t offset, uint8_t *page) {
    memset(page, 0, PAGE_SIZE);
    for (uint32_t n = 0; n < driver->image.segment_count; n++)
        copy_segment(driver, &driver->image.segments[n], offset, page);
}

static bool is_same(const uint8_t *page, const uint8_t *other) {
    uint32_t words = PAGE_SIZE / sizeof(uint32_t);
    bool same;
    __asm__ volatile("repe cmpsl"
                     : "=@ccz"(same), "+S"(page), "+D"(other), "+c"(words)
                     :
                     : "memory");
    return same;
}

static uint32_t image_end(const struct driver *driver) {
    uint32_t end = 0;
    for (uint32_t n = 0; n < driver->image.segment_count; n++) {
        const struct elf_segment *segment = &driver->image.segments[n];
        uint32_t after = segment_first(segment) + segment_pages(segment) * PAGE_SIZE;
        end = after > end ? after : end;
    }
    return end;
}

/* `offset`, or where the next part of the slot begins: between them is nothing. */
static uint32_t skip_hole(const struct driver *driver, uint32_t offset) {
    const struct {
        uint32_t start, end;
    } parts[] = {
        {DRIVER_IMAGE, image_end(driver)},
        {DRIVER_STACK_TOP - DRIVER_STACK_SIZE, DRIVER_STACK_TOP},
        {DRIVER_BOUNCE, DRIVER_BOUNCE + bounce_pages(driver) * PAGE_SIZE},
        {DRIVER_DMA, DRIVER_DMA + driver->manifest.dma_frames * PAGE_SIZE},
    };
    for (uint32_t n = 0; n < sizeof parts / sizeof parts[0]; n++)
        if (offset < parts[n].end)
            return offset > parts[n].start ? offset : parts[n].start;
    return DRIVER_MMIO;
}

/* How often a page's words are passed over: to clear and copy, or only to clear; those that the driver cannot write to
 * make, compare and copy. */
static uint32_t passes_to_fill(const struct driver *driver, uint32_t offset, uint64_t entry) {
    if (!(entry & PTE_WRITE))
        return 4;
    return offset < image_end(driver) ? 2 : 1;
}

/* What the driver could not write is as it was, and then is not written: the instructions that a CPU has decoded, or an
 * emulator translated, stay good. */
static void fill_page(const struct driver *driver, uint32_t offset, uint64_t entry) {
    static uint8_t pristine[PAGE_SIZE];
    uint8_t *page = window_map(WINDOW_ZERO, PTE_FRAME(entry));
    if (entry & PTE_WRITE) {
        make_page(driver, offset, page);
        return;
    }
    make_page(driver, offset, pristine);
    if (!is_same(page, pristine))
        memcpy(page, pristine, PAGE_SIZE);
}

bool slot_refill(struct driver *driver) {
    uint32_t passes = 0;
    for (uint32_t visited = 0; visited < REFILL_VISITED && passes < REFILL_PASSES; visited++) {
        uint32_t offset = skip_hole(driver, driver->refill_offset);
        if (offset == DRIVER_MMIO)
            return true;
        uint64_t entry = *slot_entry(driver, offset);
        if (entry & PTE_PRESENT) {
            fill_page(driver, offset, entry);
            passes += passes_to_fill(driver, offset, entry);
        }
        driver->refill_offset = offset + PAGE_SIZE;
    }
    return false;
}
