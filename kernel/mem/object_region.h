// SPDX-License-Identifier: MIT
/*
 * The object region's linear pages, for kernel/mem/object.c: a bitmap of what is in use, and the
 * page tables, which are part of the core's image, so that nothing but the frame itself is spent on
 * a page.
 */
#ifndef KERNEL_MEM_OBJECT_REGION_H
#define KERNEL_MEM_OBJECT_REGION_H

#include "kernel/layout.h"
#include "kernel/mem/frame.h"

#define OBJECT_REGION_PAGES ((CORE_OBJECTS_LIMIT - CORE_OBJECTS) >> PAGE_SHIFT)

void region_initialise(void);
/* `pages` unused pages in a row, now in use but not mapped; NULL if there are none. */
void *region_take(uint32_t pages);
void region_give(void *start, uint32_t pages);
void region_map(void *page, frame_t frame);
frame_t region_unmap(void *page); /* the frame that was there */
frame_t region_frame(const void *address);

#endif
