// SPDX-License-Identifier: MIT
/*
 * The page cache of a block device.
 *
 * Its size is bounded by a share of the tenant's reservation; below that it takes frames while
 * there are any, and gives clean ones back when the tenant runs short. A miss reads one page, or,
 * behind a sequential reader, twice as many as the last time, up to 64 KiB. Once half of the pages
 * are dirty, the writer itself writes a run of them back: nobody writes faster than the device for
 * long.
 */
#include "domains/lib/heap.h"
#include "domains/linux/block/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/io_count.h"
#include "kernel/abi/gate.h"

#define CACHE_SHARE 16u /* one frame in so many of the reservation */
#define CACHE_LEAST 32u
#define CACHE_MOST  512u
#define RUN_MOST    IO_SEGMENTS

static void wait_for_change(struct block_device *device) {
    wait_uninterrupted(&device->changed, DEADLINE_NEVER);
}

static uint64_t page_count(const struct block_device *device) {
    return (device->bytes + PAGE_SIZE - 1) / PAGE_SIZE;
}

/* Bytes of a run of pages that lie on the device: its end may cut the last one. */
static uint32_t run_bytes(const struct block_device *device, uint64_t number, uint32_t count) {
    uint64_t left = device->bytes - number * PAGE_SIZE;
    return left < count * PAGE_SIZE ? (uint32_t)left : count * PAGE_SIZE;
}

int pages_start(struct block_device *device) {
    uint32_t count = frames_total() / CACHE_SHARE;
    if (device->records)
        return 0;
    count = count < CACHE_LEAST ? CACHE_LEAST : count > CACHE_MOST ? CACHE_MOST : count;
    device->records = heap_allocate(count * sizeof *device->records);
    if (!device->records)
        return -ENOMEM;
    device->record_count = count;
    cache_start(&device->cache, device->records, count);
    return 0;
}

void pages_let_go(struct block_device *device, struct cached_page *page) {
    if (--page->holds == 0)
        wait_wake(&device->changed);
}

/* ---- Room ------------------------------------------------------------------------------------ */

static void drop(struct block_device *device, struct cached_page *page) {
    frame_release(page->frame);
    cache_remove(&device->cache, page);
}

static int write_run(struct block_device *device, uint64_t from, uint64_t *next);

/* A new page, `reading` and held. NULL: there is no room without sleeping. */
static struct cached_page *add_page(struct block_device *device, uint64_t number) {
    struct cached_page *victim = device->cache.free ? NULL : cache_victim(&device->cache);
    if (victim)
        drop(device, victim);
    uint32_t frame = device->cache.free ? frame_allocate() : NO_FRAME;
    if (frame == NO_FRAME)
        return NULL;
    struct cached_page *page = cache_insert(&device->cache, number, frame);
    page->holds = 1;
    return page;
}

/* After add_page() found no room: makes some, or waits for somebody who will. 0 or -ENOMEM. */
static int make_room(struct block_device *device) {
    uint64_t next;
    struct cached_page *victim = cache_victim(&device->cache);
    if (victim)
        drop(device, victim);
    else if (device->cache.used == 0)
        return -ENOMEM;
    else if (device->cache.dirty == 0 || write_run(device, 0, &next) == 0)
        wait_for_change(device);
    return 0;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* How many pages a miss at `number` should read. */
static uint32_t wanted_pages(struct block_device *device, uint64_t number) {
    bool sequential = number == device->next_page;
    uint32_t wanted = sequential ? device->ahead * 2 : 1;
    uint64_t left = page_count(device) - number;
    wanted = wanted < 1 ? 1 : wanted > RUN_MOST ? RUN_MOST : wanted;
    device->ahead = wanted;
    return left < wanted ? (uint32_t)left : wanted;
}

/* Adds pages from `number` on until `count`, one that is there already, or no more room. */
static uint32_t add_run(struct block_device *device, uint64_t number, uint32_t count,
                        struct cached_page **run) {
    uint32_t added = 0;
    while (added < count && !(added && cache_find(&device->cache, number + added))) {
        struct cached_page *page = add_page(device, number + added);
        if (!page)
            break;
        run[added++] = page;
    }
    return added;
}

void pages_filled(struct block_device *device, struct cached_page *page, bool good) {
    page->reading = false;
    if (!good) {
        page->holds--;
        drop(device, page);
    }
    wait_wake(&device->changed);
}

/* Reads the missing page and some behind it; only the first stays held. */
static int read_run(struct block_device *device, uint64_t number, struct cached_page **first) {
    struct cached_page *run[RUN_MOST];
    uint32_t frames[RUN_MOST];
    uint32_t count = add_run(device, number, wanted_pages(device, number), run);
    if (count == 0)
        return make_room(device);
    for (uint32_t i = 0; i < count; i++)
        frames[i] = run[i]->frame;
    device->next_page = number + count;
    int error = block_transfer(device, IO_READ, number * PAGE_SIZE, frames,
                               run_bytes(device, number, count));
    for (uint32_t i = 0; i < count; i++) {
        pages_filled(device, run[i], error == 0);
        if (i && !error)
            pages_let_go(device, run[i]);
    }
    *first = error ? NULL : run[0];
    return error;
}

int pages_get(struct block_device *device, uint64_t number, struct cached_page **page) {
    *page = NULL;
    while (!*page) {
        struct cached_page *found = cache_find(&device->cache, number);
        int error = 0;
        if (!found) {
            error = read_run(device, number, page);
        } else if (found->reading) {
            wait_for_change(device);
        } else {
            found->holds++;
            *page = found;
        }
        if (error)
            return error;
    }
    return 0;
}

int pages_get_blank(struct block_device *device, uint64_t number, struct cached_page **page) {
    *page = NULL;
    while (!*page) {
        struct cached_page *found = cache_find(&device->cache, number);
        if (found && found->reading) {
            wait_for_change(device);
        } else if (found) {
            found->holds++;
            *page = found;
        } else if (!(*page = add_page(device, number))) {
            int error = make_room(device);
            if (error)
                return error;
        }
    }
    return 0;
}

/* ---- Writing back ---------------------------------------------------------------------------- */

/* Writes one run of dirty pages at or after `from`; *next is where to go on. Returns the pages of
 * the run. A failure is noted in the device, for the next sync. */
static int write_run(struct block_device *device, uint64_t from, uint64_t *next) {
    struct cached_page *run[RUN_MOST];
    uint32_t frames[RUN_MOST];
    uint32_t count = cache_dirty_run(&device->cache, from, run, RUN_MOST);
    if (count == 0)
        return 0;
    uint64_t number = run[0]->number;
    for (uint32_t i = 0; i < count; i++) {
        cache_set_dirty(&device->cache, run[i], false);
        run[i]->writing = true;
        frames[i] = run[i]->frame;
    }
    if (block_transfer(device, IO_WRITE, number * PAGE_SIZE, frames,
                       run_bytes(device, number, count)) < 0)
        device->write_failed = true;
    for (uint32_t i = 0; i < count; i++)
        run[i]->writing = false;
    wait_wake(&device->changed);
    *next = number + count;
    return (int)count;
}

void pages_changed(struct block_device *device, struct cached_page *page) {
    uint64_t next;
    if (!page->dirty)
        io_count_disk(0, PAGE_SIZE);
    cache_set_dirty(&device->cache, page, true);
    if (device->cache.dirty > device->record_count / 2)
        (void)write_run(device, 0, &next);
}

static bool is_writing(const struct block_device *device) {
    for (const struct cached_page *page = device->cache.newest; page; page = page->older)
        if (page->writing)
            return true;
    return false;
}

/* One pass over what is dirty now, and over what others are writing. */
static void write_all(struct block_device *device) {
    for (uint64_t next = 0; write_run(device, next, &next) > 0;)
        continue;
    while (is_writing(device))
        wait_for_change(device);
}

int pages_sync(struct block_device *device) {
    if (!device->records)
        return 0;
    write_all(device);
    if (block_transfer(device, IO_FLUSH, 0, NULL, 0) < 0)
        device->write_failed = true;
    int result = device->write_failed ? -EIO : 0;
    device->write_failed = false;
    return result;
}

/* Drops a page, once nobody uses it and it is clean. */
static void forget_page(struct block_device *device, uint64_t number) {
    struct cached_page *page;
    while ((page = cache_find(&device->cache, number)) != NULL) {
        if (page->dirty && !page->writing)
            write_all(device);
        else if (page->holds || page->reading || page->writing)
            wait_for_change(device);
        else
            drop(device, page);
    }
}

void pages_settle(struct block_device *device, uint64_t position, uint64_t bytes, bool forget) {
    uint64_t end = (position + bytes + PAGE_SIZE - 1) / PAGE_SIZE;
    if (device->cache.dirty || is_writing(device))
        write_all(device);
    for (uint64_t number = position / PAGE_SIZE; forget && number < end; number++)
        forget_page(device, number);
}

uint32_t pages_give_back(struct block_device *device) {
    struct cached_page *page;
    uint32_t given = 0;
    for (; (page = cache_victim(&device->cache)) != NULL; given++)
        drop(device, page);
    return given;
}
