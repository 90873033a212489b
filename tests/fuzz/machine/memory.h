// SPDX-License-Identifier: MIT
/*
 * Physical memory as the core may touch it, and nothing more.
 *
 *   frame  poisoned ──shown by a window──> readable ──the window moves on──> poisoned
 *   object page  no access ──region_map──> mapped at its real address ──region_unmap──> no access
 *     slot of it  poisoned ──object_allocate──> as many bytes as were asked for ──object_free──> poisoned
 *
 * So AddressSanitizer reports every access to a frame through a window that has moved on, to an object after its
 * end, or past it. A window never shows a frame that is free or not there.
 */
#ifndef TESTS_FUZZ_MACHINE_MEMORY_H
#define TESTS_FUZZ_MACHINE_MEMORY_H

#include "kernel/mem/frame.h"

#include <stddef.h>

#define MACHINE_FRAMES 2048u
#define DEVICE_FRAME   MACHINE_FRAMES /* behind them: registers that the core writes, not RAM */

/* Reserves the core's quarter at its real addresses; once a process. */
void memory_reserve(void);
/* A frame's bytes without a window, for setting up and looking: nothing is poisoned meanwhile. */
void memory_write(frame_t frame, uint32_t offset, const void *bytes, uint32_t count);
void memory_read(frame_t frame, uint32_t offset, void *bytes, uint32_t count);
void core_map(uint32_t address, frame_t first, uint32_t pages, uint64_t flags);
/* What a page table of the core's quarter maps, from `address` on, is there from now on; device memory is not. */
void memory_show_table(uint32_t address, frame_t table);

/* Everything as it is now, and back to it. */
void memory_remember(void);
void memory_restore(void);

/* Copies without the sanitizer's eyes: globals have poisoned zones between them. */
void copy_unseen(void *to, const void *from, size_t bytes);

#endif
