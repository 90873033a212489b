// SPDX-License-Identifier: MIT
/*
 * Setting up the records, before there is anything to allocate with:
 *
 *   1. how many frames: up to the last usable one that CORE_RECORDS can cover,
 *   2. a place for the records: RAM clear of the core and the modules, mapped with large pages,
 *      which need no page tables (so they start at the same offset in 2 MiB as their RAM),
 *   3. kinds from the memory map, then what is taken already is marked as such.
 */
#include "kernel/abi/layout.h"
#include "kernel/boot_information.h"
#include "kernel/fence/view.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/mem/frame.h"
#include "kernel/mem/memory_map.h"
#include "kernel/mem/table.h"

/* BIOS data, and room for the real-mode code that starts further CPUs: never handed out. */
#define LOW_MEMORY 0x10000u
#define RECORD_LIMIT                                                                               \
    ((CORE_RECORDS_LIMIT - CORE_RECORDS - TABLE_BYTES) / sizeof(struct frame_record))
#define HOLES (BOOT_MODULES + 2u)

extern const char core_image_start[], core_image_end[];

static uint64_t physical(const char *core_address) {
    return (uint32_t)core_address - CORE_BASE;
}

static uint32_t list_holes(const struct boot_information *boot, struct memory_hole holes[HOLES]) {
    uint32_t count = 0;

    holes[count++] = (struct memory_hole){0, LOW_MEMORY};
    holes[count++] = (struct memory_hole){physical(core_image_start), physical(core_image_end)};
    for (uint32_t i = 0; i < boot->module_count; i++)
        holes[count++] = (struct memory_hole){
            boot->modules[i].start, (uint64_t)boot->modules[i].start + boot->modules[i].bytes};
    return count;
}

static struct frame_record *map_records(uint64_t start, uint64_t bytes) {
    uint64_t page = start & ~(uint64_t)(TABLE_BYTES - 1);
    uint32_t index = (CORE_RECORDS >> 21) & (TABLE_ENTRIES - 1);

    for (; page < start + bytes; page += TABLE_BYTES)
        core_directory[index++] = page | PTE_LARGE | PTE_NX | PTE_WRITE | PTE_PRESENT;
    return (struct frame_record *)(CORE_RECORDS + (uint32_t)(start & (TABLE_BYTES - 1)));
}

static void mark_taken(struct frame_record *records, frame_t count, const struct memory_hole *hole,
                       enum frame_kind kind) {
    frame_t end = (frame_t)((hole->end + PAGE_SIZE - 1) >> PAGE_SHIFT);

    for (frame_t frame = (frame_t)(hole->start >> PAGE_SHIFT); frame < end && frame < count;
         frame++)
        if (records[frame].kind != FRAME_UNUSABLE)
            records[frame].kind = (uint8_t)kind;
}

void frame_initialise(const struct boot_information *boot) {
    struct memory_hole holes[HOLES];
    uint32_t hole_count = list_holes(boot, holes);
    frame_t all = memory_map_end(boot, 0xFFFFFFFFu), count = memory_map_end(boot, RECORD_LIMIT);
    uint64_t bytes = (uint64_t)count * sizeof(struct frame_record);
    uint64_t start = memory_map_find(boot, holes, hole_count, bytes);
    struct frame_record *records;

    if (start == 0)
        panic("no room for the records of %u frames: too little memory", count);
    records = map_records(start, bytes);
    memory_map_paint(boot, records, count);
    for (uint32_t i = 0; i < hole_count; i++)
        mark_taken(records, count, &holes[i], i < 2 ? FRAME_CORE : FRAME_IMAGE);
    mark_taken(records, count, &(struct memory_hole){start, start + bytes}, FRAME_CORE);
    frame_adopt(records, count);
    if (all > count)
        log_line("memory above %u MiB is ignored: the records cover no more",
                 count >> (20 - PAGE_SHIFT));
}
