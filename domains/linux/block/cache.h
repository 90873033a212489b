// SPDX-License-Identifier: MIT
/*
 * The index of a block device's page cache: which pages are there, in what state, and which goes
 * next. Pure bookkeeping over a fixed number of records; frames are numbers here.
 *
 *   absent ──insert──> reading ──────> clean <──────────────┐
 *                                        │ set_dirty        │
 *                                        v                  │
 *                                      dirty ──> writing ───┘      (writing and dirty again: both)
 *
 * A page that is held, dirty, being read or being written is never a victim. Only clean pages are
 * removed.
 */
#ifndef DOMAINS_LINUX_BLOCK_CACHE_H
#define DOMAINS_LINUX_BLOCK_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#define CACHE_BUCKETS 64 /* a power of two */

struct cached_page {
    uint64_t number; /* on the device, in pages */
    uint32_t frame;
    uint32_t holds; /* somebody copies from or to it */
    bool reading;   /* its bytes are not there yet */
    bool writing;   /* on its way to the device */
    bool dirty;
    struct cached_page *chain;         /* of its bucket, or of the free records */
    struct cached_page *newer, *older; /* by last use */
};

struct page_cache {
    struct cached_page *free, *newest, *oldest;
    struct cached_page *buckets[CACHE_BUCKETS];
    uint32_t used, dirty;
};

/* All records are free. The caller owns them. */
void cache_start(struct page_cache *cache, struct cached_page *records, uint32_t count);
/* NULL: not there. Counts as a use. */
struct cached_page *cache_find(struct page_cache *cache, uint64_t number);
/* A page that was not there, as `reading`. NULL: no record is free. */
struct cached_page *cache_insert(struct page_cache *cache, uint64_t number, uint32_t frame);
void cache_remove(struct page_cache *cache, struct cached_page *page);
/* The page that was not used for longest, of those that may go. NULL: none may. */
struct cached_page *cache_victim(const struct page_cache *cache);

void cache_set_dirty(struct page_cache *cache, struct cached_page *page, bool dirty);
/* The first dirty page at or after `from` that is not being written, and those that follow it
 * without a gap: their count, at most `most`. */
uint32_t cache_dirty_run(struct page_cache *cache, uint64_t from, struct cached_page **run,
                         uint32_t most);

#endif
