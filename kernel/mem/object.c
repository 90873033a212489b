// SPDX-License-Identifier: MIT
/*
 * Pages cut into slots. A pool keeps, for each slot size, a list of the pages that have a free
 * slot, and one list of full pages; so taking and freeing an object is a few list operations,
 * however many objects a tenant has. A page whose last object goes is given back at once.
 *
 *   empty page ──first object──> partial[size_class] <──> full ──last object freed──> given back
 */
#include "kernel/mem/object.h"

#include "kernel/abi/control.h"
#include "kernel/log/log.h"
#include "kernel/mem/object_region.h"

#define SLOT_ALIGNMENT   16u
#define HEADER_BYTES     32u
#define GUARANTEED_PAGES 4u /* that every account gets, however small */
#define HOST_CLASS       4u /* of threads: in a small pool what is smaller lies among them */
#define SMALL_POOL       4u /* pages */

struct object_slot { /* a free one: zero but for the link, so that taking it is quick */
    struct object_slot *next;
};

struct object_page {
    struct object_page *next, *previous;
    struct object_slot *free;
    uint16_t used;
    uint8_t size_class;
    account_t account;
};

struct object_run { /* itself an object of the pool */
    struct object_run *next;
    void *start;
    uint32_t pages;
};

_Static_assert(sizeof(struct object_page) <= HEADER_BYTES, "slots start behind it");

/* Slots a page, per size class: as many as fit of 64, 128, 256, 576, 800, 1008, 1344, 2032 and 4064
 * bytes. */
static const uint16_t slots_of_class[OBJECT_CLASSES] = {63, 31, 15, 7, 5, 4, 3, 2, 1};

static uint32_t slot_bytes(uint32_t size_class) {
    return (PAGE_SIZE - HEADER_BYTES) / slots_of_class[size_class] & ~(SLOT_ALIGNMENT - 1);
}

static uint32_t class_for(size_t bytes) {
    uint32_t size_class = 0;

    while (slot_bytes(size_class) < bytes)
        size_class++;
    return size_class;
}

void object_initialise(void) {
    region_initialise();
}

uint32_t object_limit(uint32_t frames) {
    uint32_t shared = OBJECT_REGION_PAGES - GUARANTEED_PAGES * TENANT_MAX;

    if (frames_total() <= shared)
        return GUARANTEED_PAGES + frames;
    return GUARANTEED_PAGES + (uint32_t)((uint64_t)frames * shared / frames_total());
}

static bool pay(struct object_pool *pool, uint32_t frames) {
    if (pool->quota &&
        (pool->frames + frames > pool->limit || !quota_withdraw(pool->quota, frames)))
        return false;
    pool->frames += frames;
    return true;
}

static void refund(struct object_pool *pool, uint32_t frames) {
    pool->frames -= frames;
    if (pool->quota)
        quota_replenish(pool->quota, frames);
}

static void give_pages(struct object_pool *pool, void *start, uint32_t pages) {
    for (uint32_t i = 0; i < pages; i++)
        frame_give(region_unmap((uint8_t *)start + i * PAGE_SIZE));
    region_give(start, pages);
    refund(pool, pages);
}

/* `pages` mapped pages, paid for; NULL if they cannot be had. */
static void *take_pages(struct object_pool *pool, uint32_t pages) {
    uint8_t *start;

    if (!pay(pool, pages))
        return NULL;
    start = region_take(pages);
    if (!start) {
        refund(pool, pages);
        return NULL;
    }
    for (uint32_t i = 0; i < pages; i++) {
        frame_t frame = frame_take(pool->account, FRAME_OBJECT);
        if (frame == NO_FRAME_T) /* only without a reservation: at boot, on too small a machine */
            panic("no memory for the objects of account %u", pool->account);
        region_map(start + i * PAGE_SIZE, frame);
    }
    return start;
}

static void list_insert(struct object_page **list, struct object_page *page) {
    page->previous = NULL;
    page->next = *list;
    if (*list)
        (*list)->previous = page;
    *list = page;
}

static void list_remove(struct object_page **list, struct object_page *page) {
    if (page->previous)
        page->previous->next = page->next;
    else
        *list = page->next;
    if (page->next)
        page->next->previous = page->previous;
}

static struct object_page *add_page(struct object_pool *pool, uint32_t size_class) {
    struct object_page *page = take_pages(pool, 1);

    if (!page)
        return NULL;
    page->size_class = (uint8_t)size_class;
    page->account = pool->account;
    for (uint32_t i = slots_of_class[size_class]; i-- > 0;) {
        struct object_slot *slot =
            (void *)((uint8_t *)page + HEADER_BYTES + i * slot_bytes(size_class));
        slot->next = page->free;
        page->free = slot;
    }
    list_insert(&pool->partial[size_class], page);
    return page;
}

static struct object_page *page_with_room(struct object_pool *pool, uint32_t size_class) {
    uint32_t host = size_class < HOST_CLASS ? HOST_CLASS : size_class;

    if (pool->partial[size_class])
        return pool->partial[size_class];
    if (pool->partial[host])
        return pool->partial[host];
    return add_page(pool, pool->frames < SMALL_POOL ? host : size_class);
}

void *object_allocate(struct object_pool *pool, size_t bytes) {
    struct object_page *page = page_with_room(pool, class_for(bytes));
    struct object_slot *slot;

    if (!page)
        return NULL;
    slot = page->free;
    page->free = slot->next;
    page->used++;
    if (!page->free) {
        list_remove(&pool->partial[page->size_class], page);
        list_insert(&pool->full, page);
    }
    slot->next = NULL;
    return slot;
}

void object_free(struct object_pool *pool, void *object) {
    struct object_page *page = (void *)((uint32_t)object & ~(PAGE_SIZE - 1));
    struct object_slot *slot = object;

    if (page->account != pool->account)
        panic("object %p freed into the pool of account %u", object, pool->account);
    if (!page->free) {
        list_remove(&pool->full, page);
        list_insert(&pool->partial[page->size_class], page);
    }
    __builtin_memset(slot, 0, slot_bytes(page->size_class));
    slot->next = page->free;
    page->free = slot;
    if (--page->used == 0) {
        list_remove(&pool->partial[page->size_class], page);
        give_pages(pool, page, 1);
    }
}

void *object_pages(struct object_pool *pool, uint32_t pages) {
    struct object_run *run = object_allocate(pool, sizeof *run);

    if (!run)
        return NULL;
    run->start = take_pages(pool, pages);
    if (!run->start) {
        object_free(pool, run);
        return NULL;
    }
    run->pages = pages;
    run->next = pool->runs;
    pool->runs = run;
    return run->start;
}

void object_pages_free(struct object_pool *pool, void *start, uint32_t pages) {
    struct object_run **link = &pool->runs, *run;

    while (*link && (*link)->start != start)
        link = &(*link)->next;
    run = *link;
    if (!run || run->pages != pages)
        panic("%u pages at %p are no run of account %u", pages, start, pool->account);
    *link = run->next;
    give_pages(pool, start, pages);
    object_free(pool, run);
}

/* Runs first: what describes them lies in pages. */
static bool destroy_run(struct object_pool *pool) {
    struct object_run *run = pool->runs;

    if (!run)
        return false;
    pool->runs = run->next;
    give_pages(pool, run->start, run->pages);
    return true;
}

static bool destroy_page(struct object_pool *pool) {
    struct object_page **list = &pool->full, *page;

    for (uint32_t size_class = 0; !*list && size_class < OBJECT_CLASSES; size_class++)
        list = &pool->partial[size_class];
    page = *list;
    if (!page)
        return false;
    *list = page->next;
    give_pages(pool, page, 1);
    return true;
}

bool object_pool_destroy(struct object_pool *pool, uint32_t most) {
    uint32_t before = pool->frames;

    while (before - pool->frames < most && (destroy_run(pool) || destroy_page(pool)))
        continue;
    return pool->frames == 0;
}

uint32_t object_pool_frames(const struct object_pool *pool) {
    return pool->frames;
}

frame_t object_frame(const void *address) {
    return region_frame(address);
}

static uint32_t mark_list(const struct object_page *page) {
    uint32_t count = 0;

    for (; page; page = page->next, count++)
        frame_mark(region_frame(page));
    return count;
}

uint32_t object_pool_mark(const struct object_pool *pool) {
    uint32_t count = mark_list(pool->full);

    for (uint32_t size_class = 0; size_class < OBJECT_CLASSES; size_class++)
        count += mark_list(pool->partial[size_class]);
    for (const struct object_run *run = pool->runs; run; run = run->next) {
        for (uint32_t i = 0; i < run->pages; i++)
            frame_mark(region_frame((const uint8_t *)run->start + i * PAGE_SIZE));
        count += run->pages;
    }
    return count;
}
