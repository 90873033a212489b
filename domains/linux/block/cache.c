// SPDX-License-Identifier: MIT
/*
 * A hash by page number and a list by last use, over the same records.
 */
#include "domains/linux/block/cache.h"

#include <stddef.h>

static struct cached_page **bucket_of(struct page_cache *cache, uint64_t number) {
    return &cache->buckets[number % CACHE_BUCKETS];
}

static void list_remove(struct page_cache *cache, struct cached_page *page) {
    *(page->newer ? &page->newer->older : &cache->newest) = page->older;
    *(page->older ? &page->older->newer : &cache->oldest) = page->newer;
}

static void list_add(struct page_cache *cache, struct cached_page *page) {
    page->newer = NULL;
    page->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = page;
    cache->newest = page;
}

void cache_start(struct page_cache *cache, struct cached_page *records, uint32_t count) {
    *cache = (struct page_cache){0};
    for (uint32_t i = 0; i < count; i++) {
        records[i].chain = cache->free;
        cache->free = &records[i];
    }
}

static struct cached_page *look(struct page_cache *cache, uint64_t number) {
    struct cached_page *page = *bucket_of(cache, number);
    while (page && page->number != number)
        page = page->chain;
    return page;
}

struct cached_page *cache_find(struct page_cache *cache, uint64_t number) {
    struct cached_page *page = look(cache, number);
    if (page) {
        list_remove(cache, page);
        list_add(cache, page);
    }
    return page;
}

struct cached_page *cache_insert(struct page_cache *cache, uint64_t number, uint32_t frame) {
    struct cached_page *page = cache->free;
    struct cached_page **bucket = bucket_of(cache, number);
    if (!page)
        return NULL;
    cache->free = page->chain;
    *page =
        (struct cached_page){.number = number, .frame = frame, .reading = true, .chain = *bucket};
    *bucket = page;
    list_add(cache, page);
    cache->used++;
    return page;
}

void cache_remove(struct page_cache *cache, struct cached_page *page) {
    struct cached_page **link = bucket_of(cache, page->number);
    while (*link != page)
        link = &(*link)->chain;
    *link = page->chain;
    list_remove(cache, page);
    cache_set_dirty(cache, page, false);
    page->chain = cache->free;
    cache->free = page;
    cache->used--;
}

struct cached_page *cache_victim(const struct page_cache *cache) {
    struct cached_page *page = cache->oldest;
    while (page && (page->holds || page->dirty || page->reading || page->writing))
        page = page->newer;
    return page;
}

void cache_set_dirty(struct page_cache *cache, struct cached_page *page, bool dirty) {
    if (page->dirty == dirty)
        return;
    page->dirty = dirty;
    cache->dirty += dirty ? 1u : -1u;
}

static bool can_be_written(const struct cached_page *page) {
    return page && page->dirty && !page->writing;
}

/* The writable page with the lowest number at or after `from`. */
static struct cached_page *first_dirty(const struct page_cache *cache, uint64_t from) {
    struct cached_page *first = NULL;
    for (struct cached_page *page = cache->newest; page; page = page->older)
        if (can_be_written(page) && page->number >= from &&
            (!first || page->number < first->number))
            first = page;
    return first;
}

uint32_t cache_dirty_run(struct page_cache *cache, uint64_t from, struct cached_page **run,
                         uint32_t most) {
    uint32_t count = 0;
    for (struct cached_page *page = first_dirty(cache, from); count < most && can_be_written(page);
         page = look(cache, page->number + 1))
        run[count++] = page;
    return count;
}
