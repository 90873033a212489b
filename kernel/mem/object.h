// SPDX-License-Identifier: MIT
/*
 * Core objects (tenants, spaces, thread blocks, channels): pages in the object region, each charged
 * to one account's quota before it is taken. Objects of one account never share a page with
 * another's, so a dead tenant leaves nothing behind.
 *
 *   page   header | slot | slot | ...   slots of one size; each is free or one object
 *   run    whole pages, for what is mapped elsewhere too or needs alignment (LDTs, streams)
 *
 * What must hold: pool->frames = pages of its lists + pages of its runs, all withdrawn from its
 * quota. Guarded by the core lock.
 */
#ifndef KERNEL_MEM_OBJECT_H
#define KERNEL_MEM_OBJECT_H

#include "kernel/mem/frame.h"
#include "kernel/mem/quota.h"

#include <stddef.h>

#define OBJECT_BYTES_MAX 4000
#define OBJECT_CLASSES   9

struct object_page;
struct object_run;

/* One per account. To set up: zero, then account, quota and limit. */
struct object_pool {
    account_t account;
    struct quota *quota; /* NULL: the core's or a driver's own, at boot only */
    uint32_t limit;      /* most frames: the region is smaller than memory, see object_limit() */
    uint32_t frames;
    struct object_page *partial[OBJECT_CLASSES], *full;
    struct object_run *runs;
};

void object_initialise(void); /* after frame_initialise() */
/* How many frames of objects an account may have that reserved `frames`: in proportion, so that
 * nobody can use the region up for others. */
uint32_t object_limit(uint32_t frames);
/* Zeroed, 16-byte aligned, at most OBJECT_BYTES_MAX; NULL: quota or limit used up. */
void *object_allocate(struct object_pool *pool, size_t bytes);
void object_free(struct object_pool *pool, void *object);
/* At most `most` pages go back (or one run), whatever is in them; true when none is left. The pool itself may
 * lie in one of another pool, or in the last of its own if it is a copy. */
bool object_pool_destroy(struct object_pool *pool, uint32_t most);
uint32_t object_pool_frames(const struct object_pool *pool);
/* A page-aligned run of zeroed pages of the pool's own, mapped in the object region. NULL as above.
 */
void *object_pages(struct object_pool *pool, uint32_t pages);
void object_pages_free(struct object_pool *pool, void *start, uint32_t pages);
/* The frame behind an address in the object region. */
frame_t object_frame(const void *address);
/* For the audit: marks (frame_mark) every frame that the pool's lists reach; returns how many. */
uint32_t object_pool_mark(const struct object_pool *pool);

/* Maps frames that exist already (modules, MMIO) at a fixed core address, with large pages where
 * both are aligned for them. At boot only: it may add to core_directory. */
void core_map(uint32_t address, frame_t first, uint32_t pages, uint64_t flags);

#endif
