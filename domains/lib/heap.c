// SPDX-License-Identifier: MIT
/*
 * Small objects, cut from frames by size class; big ones are runs of frames.
 *
 *   a slab: one frame of one class
 *   ┌────────┬────────┬────────┬─   ─┬────────┐
 *   │ header │ object │ object │  …  │ object │    free objects form a list through their first
 * word └────────┴────────┴────────┴─   ─┴────────┘
 *
 * Slabs with a free object are on their class's list; a full slab is on none; an empty one goes
 * back, unless it is the last of its list, or in a tenant that is not small the only empty one: what is allocated and freed
 * again and again makes no slab each time. In a small tenant most slabs would be nearly empty; so classes have a
 * host, a class of larger objects: they get a slab of their own when the host has HOST_SLABS and none has room.
 * Because of the header, no small object begins a page: a page-aligned address is a run; the few runs are on one list.
 * A run that was freed is kept for the next one of its length, for the core clears each frame that it binds; a part of the
 * reservation at most, which in a small tenant is nothing.
 */
#include "domains/lib/heap.h"

#include "domains/lib/log.h"
#include "domains/lib/memory.h"

#include "kernel/abi/layout.h"

#include <stdbool.h>

#define CLASS_COUNT 14
#define HOST_SLABS  3u
#define SMALL       256u /* frames of a tenant that keeps no empty slab */
#define SLAB_MAGIC  0x51ABu
#define SPARE_PART  256u /* of the reservation, one part in so many pages */
#define SPARE_MOST  64u  /* pages: the list is short */

struct slab {
    uint16_t magic;
    uint8_t class;
    uint8_t used;
    void *free;
    struct slab *next, *previous;
};

_Static_assert(sizeof(void *) != 4 || sizeof(struct slab) == 16, "keeps objects aligned");

#define CLASS_OF_512 10u
static const uint16_t class_bytes[CLASS_COUNT] = {16,  24,  32,  48,  64,   96,   128,
                                                  192, 256, 384, 512, 1016, 1360, 2040};
static const uint8_t host_of[CLASS_COUNT] = {3, 3, 3, 3, 6, 6, 6, 8, 8, 10, 10, 12, 12, 13};
static struct slab *partial[CLASS_COUNT];
static uint32_t slabs[CLASS_COUNT];     /* how many there are */
static struct slab *spare[CLASS_COUNT]; /* the last one that was kept when it became empty; NULL */

struct run {
    void *address;
    uint32_t pages;
    struct run *next;
};
static struct run *runs; /* that are allocated now */
static struct run *spare_runs;
static uint32_t spare_pages;

static void list_add(struct slab *slab) {
    slab->previous = NULL;
    slab->next = partial[slab->class];
    if (slab->next != NULL)
        slab->next->previous = slab;
    partial[slab->class] = slab;
}

static void list_remove(struct slab *slab) {
    if (slab->previous != NULL)
        slab->previous->next = slab->next;
    else
        partial[slab->class] = slab->next;
    if (slab->next != NULL)
        slab->next->previous = slab->previous;
}

static bool slab_make(uint32_t class) {
    uint32_t frame = frame_allocate();
    if (frame == NO_FRAME)
        return false;
    struct slab *slab = frame_pointer(frame);
    *slab = (struct slab){.magic = SLAB_MAGIC, .class = (uint8_t) class};
    char *object = (char *)(slab + 1);
    for (; object + class_bytes[class] <= (char *)slab + PAGE_SIZE; object += class_bytes[class]) {
        *(void **)object = slab->free;
        slab->free = object;
    }
    list_add(slab);
    slabs[class]++;
    return true;
}

/* Whose slab an object comes from, which has room then; CLASS_COUNT: out of memory. */
static uint32_t class_with_room(uint32_t class) {
    uint32_t host = host_of[class];
    if (partial[class] != NULL)
        return class;
    if (partial[host] != NULL)
        return host;
    if (slabs[host] < HOST_SLABS)
        class = host;
    return slab_make(class) ? class : CLASS_COUNT;
}

static void *small_allocate(uint32_t class) {
    class = class_with_room(class);
    if (class == CLASS_COUNT)
        return NULL;
    struct slab *slab = partial[class];
    void **object = slab->free;
    slab->free = *object;
    slab->used++;
    if (slab->free == NULL)
        list_remove(slab);
    return object;
}

static void slab_give(struct slab *slab) {
    list_remove(slab);
    if (spare[slab->class] == slab)
        spare[slab->class] = NULL;
    slab->magic = 0;
    slabs[slab->class]--;
    frame_release(frame_number(slab));
}

/* It has become empty: is it kept? */
static bool slab_keep(struct slab *slab) {
    const struct slab *kept = spare[slab->class];
    bool is_last = slab->next == NULL && slab->previous == NULL;
    bool is_one_kept = kept != NULL && kept != slab && kept->used == 0;
    if (!is_last && (frames_total() < SMALL || is_one_kept))
        return false;
    spare[slab->class] = slab;
    return true;
}

static void small_free(void *object) {
    struct slab *slab = (struct slab *)((uintptr_t)object & ~(uintptr_t)(PAGE_SIZE - 1));
    if (slab->magic != SLAB_MAGIC || slab->used == 0)
        panic("free of %p, which the heap did not give", object);
    if (slab->free == NULL)
        list_add(slab);
    *(void **)object = slab->free;
    slab->free = object;
    if (--slab->used == 0 && !slab_keep(slab))
        slab_give(slab);
}

static void run_give(struct run *run) {
    for (uint32_t page = 0; page < run->pages; page++)
        frame_release(frame_number(run->address) + page);
    heap_free(run);
}

static uint32_t give_spare_runs(void) {
    uint32_t given = spare_pages;
    while (spare_runs != NULL) {
        struct run *run = spare_runs;
        spare_runs = run->next;
        run_give(run);
    }
    spare_pages = 0;
    return given;
}

static uint32_t give_empty_slabs(void) {
    uint32_t given = 0;
    for (uint32_t class = 0; class < CLASS_COUNT; class ++)
        for (struct slab *slab = partial[class], *next; slab != NULL; slab = next) {
            next = slab->next;
            if (slab->used > 0)
                continue;
            slab_give(slab);
            given++;
        }
    return given;
}

uint32_t heap_give_back(void) {
    uint32_t given = give_spare_runs();
    return given + give_empty_slabs();
}

static struct run *take_spare(uint32_t pages) {
    struct run **link = &spare_runs;
    while (*link != NULL && (*link)->pages != pages)
        link = &(*link)->next;
    struct run *run = *link;
    if (run != NULL) {
        *link = run->next;
        spare_pages -= pages;
    }
    return run;
}

static struct run *run_make(uint32_t pages) {
    struct run *run = pages <= FRAME_RUN_MOST ? heap_allocate(sizeof(*run)) : NULL;
    if (run == NULL)
        return NULL;
    uint32_t frame = pages == 1 ? frame_allocate() : frame_allocate_run(pages);
    if (frame == NO_FRAME) {
        heap_free(run);
        return NULL;
    }
    *run = (struct run){.address = frame_pointer(frame), .pages = pages};
    return run;
}

static void *run_allocate(uint32_t pages, bool zeroed) {
    struct run *run = take_spare(pages);
    if (run != NULL && zeroed)
        memset(run->address, 0, pages * PAGE_SIZE);
    if (run == NULL)
        run = run_make(pages);
    if (run == NULL)
        return NULL;
    run->next = runs;
    runs = run;
    return run->address;
}

static bool may_be_kept(const struct run *run) {
    uint32_t part = frames_total() / SPARE_PART, most = part < SPARE_MOST ? part : SPARE_MOST;
    return run->pages > 1 && spare_pages + run->pages <= most;
}

static void run_free(void *address) {
    struct run **link = &runs;
    while (*link != NULL && (*link)->address != address)
        link = &(*link)->next;
    struct run *run = *link;
    if (run == NULL)
        panic("free of %p, which the heap did not give", address);
    *link = run->next;
    if (!may_be_kept(run)) {
        run_give(run);
        return;
    }
    spare_pages += run->pages;
    run->next = spare_runs;
    spare_runs = run;
}

/* Up to 512 there are two for each power of two: 16, 24 and 32, 48 and 64 … */
static uint32_t class_of(size_t bytes) {
    uint32_t class = CLASS_OF_512 + 1;
    if (bytes <= class_bytes[CLASS_OF_512]) {
        uint32_t last = bytes <= class_bytes[0] ? class_bytes[0] - 1u : (uint32_t)bytes - 1,
                 power = 31u - (uint32_t)__builtin_clz(last);
        return 2 * (power - 3) + (last >> (power - 1) & 1) - 1;
    }
    while (class < CLASS_COUNT && bytes > class_bytes[class])
        class ++;
    return class;
}

static uint32_t pages_of(size_t bytes) {
    return (uint32_t)((bytes + PAGE_SIZE - 1) / PAGE_SIZE);
}

void *heap_allocate_unzeroed(size_t bytes) {
    uint32_t class = class_of(bytes);
    return class < CLASS_COUNT ? small_allocate(class) : run_allocate(pages_of(bytes), false);
}

void *heap_allocate(size_t bytes) {
    uint32_t class = class_of(bytes);
    if (class == CLASS_COUNT)
        return run_allocate(pages_of(bytes), true);
    void *object = small_allocate(class);
    if (object != NULL)
        memset(object, 0, class_bytes[class]);
    return object;
}

void heap_free(void *object) {
    if (object == NULL)
        return;
    if ((uintptr_t)object % PAGE_SIZE == 0)
        run_free(object);
    else
        small_free(object);
}
