// SPDX-License-Identifier: MIT
/*
 * Per-CPU mapping windows: how the core reaches any frame for a moment.
 *
 * A slot belongs to one purpose, so that callers that nest never share one. The mapping lasts until
 * the same slot is used again on this CPU. Mapping the frame that a slot already shows costs a
 * compare.
 */
#ifndef KERNEL_MEM_WINDOW_H
#define KERNEL_MEM_WINDOW_H

#include "kernel/mem/frame.h"

enum window_slot {
    WINDOW_DIRECTORY,       /* a page directory being walked */
    WINDOW_TABLE,           /* a page table being walked */
    WINDOW_INDEX_DIRECTORY, /* a tenant's translation table being walked */
    WINDOW_INDEX_TABLE,
    WINDOW_ZERO,           /* a frame being cleared or filled */
    WINDOW_SOURCE,         /* copying: from */
    WINDOW_TARGET,         /* copying: to */
    WINDOW_RING,           /* a tenant's IO ring */
    WINDOW_BOUNCE,         /* a tenant's frame beside a bounce buffer */
    WINDOW_SHADOW,         /* a bounce buffer of the core's own */
    WINDOW_NETWORK_SOURCE, /* a frame of a tenant's, on its way out */
    WINDOW_NETWORK_TARGET, /* the buffer for it */
    WINDOW_NETWORK_FLOOD,  /* a frame that goes to many */
    WINDOW_AUDIT,
    WINDOW_SLOT_COUNT
};

void *window_map(enum window_slot slot, frame_t frame);
void window_forget_all(void); /* when the CPU's tables are built */

#endif
