// SPDX-License-Identifier: MIT
/*
 * Questions to the boot loader's memory map. Pure; trusts no order, no alignment and no absence of
 * overlaps: a byte is RAM if some usable range holds it and no other range does.
 */
#ifndef KERNEL_MEM_MEMORY_MAP_H
#define KERNEL_MEM_MEMORY_MAP_H

#include "kernel/boot_information.h"
#include "kernel/mem/frame.h"

struct memory_hole { /* taken bytes, physical */
    uint64_t start, end;
};

/* One past the last whole frame of usable RAM, at most `limit`. */
frame_t memory_map_end(const struct boot_information *boot, frame_t limit);
/* A page-aligned physical address below 4 GiB where `bytes` of RAM lie clear of all holes; 0 if
 * there is none. */
uint64_t memory_map_find(const struct boot_information *boot, const struct memory_hole *holes,
                         uint32_t hole_count, uint64_t bytes);
/* Sets the kinds of records[0..count): FRAME_FREE where there is RAM, else FRAME_UNUSABLE. */
void memory_map_paint(const struct boot_information *boot, struct frame_record *records,
                      frame_t count);

#endif
