// SPDX-License-Identifier: MIT
/*
 * Frames and spaces as a tenant sees them.
 *
 * A tenant of N reserved frames names them by index 0..N-1. The page tables of its frame window ARE the
 * translation table: index i is bound when the window's page i is mapped. So a tenant cannot even
 * express a frame that is not its own. Page tables, thread blocks and rings are paid from the same N.
 *
 * Image pages are read-only frames shared by all tenants, named (image, page).
 */
#ifndef KERNEL_ABI_MEMORY_H
#define KERNEL_ABI_MEMORY_H

#include <stdint.h>

#define FRAME_BATCH 8
#define MAP_BATCH   32

/* A space handle that stands for the tenant's own manager quarter: pages of the image
 * window and of the manager mappings may be mapped in it (kernel/abi/layout.h). */
#define MANAGER_SPACE 0xFFFFFFFFu

/* struct map_entry.address carries the flags in its low 12 bits. */
#define MAP_PRESENT 0x1u /* clear: unmap this page (no error if there is none) */
#define MAP_WRITE   0x2u
#define MAP_EXECUTE 0x4u
#define MAP_IMAGE   0x8u /* frame names image << 20 | page; never with MAP_WRITE */

struct map_entry {
    uint32_t address; /* page address | flags */
    uint32_t frame;   /* frame index, or image << 20 | page */
};

struct memory_status {
    uint32_t reserved;    /* N */
    uint32_t bound;       /* frames bound to an index */
    uint32_t page_tables; /* frames used by page tables */
    uint32_t objects;     /* frames used by core objects: threads, spaces, queues */
    uint32_t peak;        /* highest bound + page_tables + objects so far */
    uint32_t image_pages; /* image pages mapped now (charged to the operator) */
};

#endif
