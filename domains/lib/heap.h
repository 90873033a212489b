// SPDX-License-Identifier: MIT
/*
 * The manager's memory: frame indices, and small objects cut from them. All of it is paid by the
 * tenant's reservation. Every allocation can fail: the caller answers ENOMEM and leaves everything
 * as it was.
 */
#ifndef DOMAINS_LIB_HEAP_H
#define DOMAINS_LIB_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_FRAME 0xFFFFFFFFu

/* One zeroed frame, bound and counted once; NO_FRAME when the quota is used up. */
uint32_t frame_allocate(void);
/* The same with whatever bytes are in it (the tenant's own), for who overwrites all of them at
 * once. */
uint32_t frame_allocate_unzeroed(void);
void frame_hold(uint32_t frame);    /* one more owner (copy-on-write, page cache and mapping) */
void frame_release(uint32_t frame); /* the last release gives it back */
uint32_t frame_owners(uint32_t frame);
void *frame_pointer(uint32_t frame);        /* its page in the frame window */
uint32_t frame_number(const void *address); /* of the frame behind such a pointer */
uint32_t frames_free(void);                 /* that could still be allocated */
uint32_t frames_total(void);                /* the reservation */

#define FRAME_RUN_MOST 16
/* `count` <= FRAME_RUN_MOST zeroed frames with consecutive indices, each counted once: one piece of
 * memory in the frame window. The first index; NO_FRAME. Released one by one. */
uint32_t frame_allocate_run(uint32_t count);

/* Who keeps frames that it could do without (a cache) says so once. give_back() runs under the lock
 * when an allocation finds no frame, may not sleep or allocate, and returns how many frames it
 * released. */
struct shortage_handler {
    uint32_t (*give_back)(void);
    struct shortage_handler *next;
};
void frame_on_shortage(struct shortage_handler *handler); /* the caller owns it, for ever */

/* The core has found nothing left of the quota: gives back what is kept for later. false: that was nothing. */
bool frames_give_up(void);

/* Before anything else: builds the frame records in the first free frames. */
void frames_start(void);

void *heap_allocate(size_t bytes);          /* zeroed, 8-byte aligned; NULL when out of memory */
void *heap_allocate_unzeroed(size_t bytes); /* with whatever bytes are in it */
void heap_free(void *object);               /* NULL is allowed */
uint32_t heap_give_back(void); /* spare runs and empty slabs; how many frames those were */

#endif
