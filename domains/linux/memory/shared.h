// SPDX-License-Identifier: MIT
/*
 * Anonymous memory that several address spaces map: mmap(MAP_SHARED | MAP_ANONYMOUS), kept over
 * fork.
 */
#ifndef DOMAINS_LINUX_MEMORY_SHARED_H
#define DOMAINS_LINUX_MEMORY_SHARED_H

#include <stdbool.h>
#include <stdint.h>

struct shared_pages;

/* `count` pages without frames, fewer than SHADOW_BYTES; one reference. NULL: no memory. */
struct shared_pages *shared_pages_make(uint32_t count);
void shared_pages_hold(struct shared_pages *pages);
void shared_pages_release(struct shared_pages *pages);
bool shared_pages_has(const struct shared_pages *pages, uint32_t page);
/* The frame of a page that it has, made at first use, with one hold for the caller; NO_FRAME: no memory. */
uint32_t shared_pages_frame(struct shared_pages *pages, uint32_t page);

#endif
