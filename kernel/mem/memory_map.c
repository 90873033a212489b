// SPDX-License-Identifier: MIT
/*
 * Usable ranges are rounded inwards to whole frames, all others outwards. A range that wraps past
 * 2^64 ends there.
 */
#include "kernel/mem/memory_map.h"

#include "kernel/abi/layout.h"

#include <stddef.h>

#define FOUR_GIB 0x100000000ull

static uint64_t range_end(const struct boot_range *range) {
    return range->bytes > UINT64_MAX - range->start ? UINT64_MAX : range->start + range->bytes;
}

static uint64_t round_up(uint64_t address) {
    return address > UINT64_MAX - PAGE_SIZE
               ? UINT64_MAX - (PAGE_SIZE - 1)
               : (address + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
}

static frame_t frame_at_most(uint64_t address, frame_t limit) {
    uint64_t frame = address >> PAGE_SHIFT;

    return frame < limit ? (frame_t)frame : limit;
}

frame_t memory_map_end(const struct boot_information *boot, frame_t limit) {
    frame_t end = 0;

    for (uint32_t i = 0; i < boot->range_count; i++) {
        frame_t range_last = frame_at_most(range_end(&boot->ranges[i]), limit);

        if (boot->ranges[i].usable && range_last > end)
            end = range_last;
    }
    return end;
}

/* Where the first obstacle to [start, end) ends; `start` itself if there is none. */
static uint64_t past_obstacle(const struct boot_information *boot, const struct memory_hole *holes,
                              uint32_t hole_count, uint64_t start, uint64_t end) {
    for (uint32_t i = 0; i < hole_count; i++)
        if (holes[i].start < end && holes[i].end > start)
            return round_up(holes[i].end);
    for (uint32_t i = 0; i < boot->range_count; i++) {
        const struct boot_range *range = &boot->ranges[i];

        if (!range->usable && range->bytes != 0 && range->start < end && range_end(range) > start)
            return round_up(range_end(range));
    }
    return start;
}

uint64_t memory_map_find(const struct boot_information *boot, const struct memory_hole *holes,
                         uint32_t hole_count, uint64_t bytes) {
    for (uint32_t i = 0; i < boot->range_count; i++) {
        uint64_t start = round_up(boot->ranges[i].start);
        uint64_t end =
            range_end(&boot->ranges[i]) < FOUR_GIB ? range_end(&boot->ranges[i]) : FOUR_GIB;

        while (boot->ranges[i].usable && start < end && bytes <= end - start) {
            uint64_t next = past_obstacle(boot, holes, hole_count, start, start + bytes);

            if (next == start && start != 0)
                return start;
            start = next > start ? next : start + PAGE_SIZE;
        }
    }
    return 0;
}

static void paint(struct frame_record *records, frame_t first, frame_t end, enum frame_kind kind) {
    for (frame_t frame = first; frame < end; frame++)
        records[frame] = (struct frame_record){.kind = (uint8_t)kind};
}

void memory_map_paint(const struct boot_information *boot, struct frame_record *records,
                      frame_t count) {
    paint(records, 0, count, FRAME_UNUSABLE);
    for (uint32_t i = 0; i < boot->range_count; i++) {
        const struct boot_range *range = &boot->ranges[i];

        if (range->usable)
            paint(records, frame_at_most(round_up(range->start), count),
                  frame_at_most(range_end(range), count), FRAME_FREE);
    }
    for (uint32_t i = 0; i < boot->range_count; i++) {
        const struct boot_range *range = &boot->ranges[i];

        if (!range->usable)
            paint(records, frame_at_most(range->start, count),
                  frame_at_most(round_up(range_end(range)), count), FRAME_UNUSABLE);
    }
}
