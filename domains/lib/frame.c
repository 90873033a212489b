// SPDX-License-Identifier: MIT
/*
 * The tenant's frames: who owns which index.
 *
 *   unbound ──bind──> pooled ──allocate──> owned (1..n owners) ──last release──> pooled ──unbind──>
 * unbound
 *
 * The records, one for each index, lie in chunks of one frame: the first chunks in the first frames that
 * the core left free; if the reservation grows, each further chunk in the first frame that it describes. Where they are
 * few, they lie among the manager's own data.
 * The pool saves gate calls, and the core the clearing of frames that are overwritten at once. What is in it still counts
 * against the quota: one part of the reservation in so many, in a tenant of a few dozen frames next to nothing. Its frames
 * form a list through their first words.
 */
#include "domains/lib/heap.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/lib/thread.h"

#include <stdbool.h>

#define POOL_OF_FEW 2
#define POOL_PART   16   /* of a larger reservation, one part in so many */
#define POOL_MOST   1024 /* so many go back in one turn when memory is short */

/* An app can map a page as often as it likes; but each owner has a word somewhere, and there are not so many words. */
enum { UNBOUND = 0, POOLED = 0x7FFFFFFF, OWNERS_MOST = 0x7FFFFFF0 };

struct frame_record {
    uint32_t owners : 31; /* or UNBOUND, POOLED */
    uint32_t dirty : 1;   /* pooled: has to be zeroed before its next use */
};

#define FEW_FRAMES    128u
#define CHUNK_RECORDS (PAGE_SIZE / sizeof(struct frame_record))

static struct frame_record few[FEW_FRAMES]; /* instead of the first chunk */
static struct frame_record *chunks[MANAGER_WINDOW_FRAMES / CHUNK_RECORDS];
static uint32_t frame_count; /* indices that have records */
static uint32_t search_from; /* no index below is unbound: the window's page tables stay few */
static uint32_t pool = NO_FRAME, pooled; /* the first, and how many there are */
static struct shortage_handler *shortage_handlers;

static inline struct frame_record *record(uint32_t frame) {
    return &chunks[frame / CHUNK_RECORDS][frame % CHUNK_RECORDS];
}

void *frame_pointer(uint32_t frame) {
    return (void *)(MANAGER_WINDOW + frame * PAGE_SIZE);
}

uint32_t frame_number(const void *address) {
    return ((uint32_t)(uintptr_t)address - MANAGER_WINDOW) / PAGE_SIZE;
}

/* All or none. */
static bool bind_run(uint32_t first, uint32_t count) {
    for (uint32_t done = 0; done < count; done += FRAME_BATCH) {
        uint32_t batch = count - done < FRAME_BATCH ? count - done : FRAME_BATCH;
        if (frame_bind(first + done, batch) == STATUS_OK)
            continue;
        for (; done > 0; done -= FRAME_BATCH)
            (void)frame_unbind(first + done - FRAME_BATCH, FRAME_BATCH);
        return false;
    }
    return true;
}

void frames_start(void) {
    uint32_t first = information()->first_frame;
    frame_count = information()->frames;
    uint32_t used = (frame_count + CHUNK_RECORDS - 1) / CHUNK_RECORDS;
    if (frame_count <= FEW_FRAMES) {
        chunks[0] = few;
        used = 0;
    }
    if (!bind_run(first, used))
        panic("no memory for %u frame records", frame_count);
    for (uint32_t i = 0; i < used; i++)
        chunks[i] = frame_pointer(first + i);
    for (uint32_t frame = 0; frame < first + used; frame++)
        record(frame)->owners = 1;
    search_from = first + used;
}

/* Takes in what the operator has added to the reservation, a chunk at most; false if that was nothing. */
static bool grow(void) {
    uint32_t limit = information()->frames, chunk = frame_count / CHUNK_RECORDS;
    if (frame_count >= limit || frame_count >= MANAGER_WINDOW_FRAMES)
        return false;
    if (chunks[chunk] == NULL || chunks[chunk] == few) {
        if (frame_bind(frame_count, 1) != STATUS_OK)
            return false;
        struct frame_record *made = frame_pointer(frame_count);
        if (chunks[chunk] == few)
            memcpy(made, few, sizeof(few));
        chunks[chunk] = made;
        record(frame_count)->owners = 1;
    }
    uint32_t end = (chunk + 1) * CHUNK_RECORDS;
    frame_count = end < limit ? end : limit;
    return true;
}

/* The first run of at most `most` unbound indices at or after `from`; *length 0 if there is none. The
 * reservation may have shrunk below the indices that there are. */
static uint32_t find_unbound(uint32_t from, uint32_t most, uint32_t *length) {
    uint32_t limit = information()->frames, end = frame_count < limit ? frame_count : limit;
    *length = 0;
    while (from < end && record(from)->owners != UNBOUND)
        from++;
    while (*length < most && from + *length < end && record(from + *length)->owners == UNBOUND)
        ++*length;
    return from;
}

static uint32_t pool_most(void) {
    uint32_t part = frame_count / POOL_PART;
    if (frame_count <= FEW_FRAMES)
        return POOL_OF_FEW;
    return part < POOL_MOST ? part : POOL_MOST;
}

/* How many frames one refill binds. */
static uint32_t bind_most(void) {
    uint32_t most = pool_most() / 2;
    return most < FRAME_BATCH ? most : FRAME_BATCH;
}

static void pool_put(uint32_t frame, bool dirty) {
    *record(frame) = (struct frame_record){.owners = POOLED, .dirty = dirty};
    *(uint32_t *)frame_pointer(frame) = pool;
    pool = frame;
    pooled++;
}

static uint32_t pool_take(void) {
    uint32_t frame = pool, *first_word = frame_pointer(frame);
    pool = *first_word;
    *first_word = 0;
    pooled--;
    return frame;
}

static bool bind_into_pool(uint32_t most) {
    uint32_t length, first = find_unbound(search_from, most, &length);
    if (length == 0 || frame_bind(first, length) != STATUS_OK)
        return false;
    search_from = first + length;
    while (length-- > 0)
        pool_put(first + length, false);
    return true;
}

static bool give_back(void) {
    uint32_t given = thread_give_back();
    for (struct shortage_handler *handler = shortage_handlers; handler; handler = handler->next)
        given += handler->give_back();
    given += heap_give_back(); /* what the others have left */
    return given > 0;
}

static bool refill(void) {
    do {
        if (pooled > 0 || bind_into_pool(bind_most()) || bind_into_pool(1))
            return true;
    } while (grow() || give_back());
    return false;
}

void frame_on_shortage(struct shortage_handler *handler) {
    handler->next = shortage_handlers;
    shortage_handlers = handler;
}

uint32_t frame_allocate_unzeroed(void) {
    if (pooled == 0 && !refill())
        return NO_FRAME;
    uint32_t frame = pool_take();
    record(frame)->owners = 1;
    return frame;
}

uint32_t frame_allocate(void) {
    uint32_t frame = frame_allocate_unzeroed();
    if (frame != NO_FRAME && record(frame)->dirty)
        memset(frame_pointer(frame), 0, PAGE_SIZE);
    return frame;
}

static void drain_pool(uint32_t down_to) {
    while (pooled > down_to) {
        uint32_t frame = pool_take();
        if (frame_unbind(frame, 1) != STATUS_OK)
            panic("frame %u was released while still in use", frame);
        record(frame)->owners = UNBOUND;
        if (frame < search_from)
            search_from = frame;
    }
}

bool frames_give_up(void) {
    bool any = give_back() || pooled > 0;
    drain_pool(0);
    return any;
}

uint32_t frame_allocate_run(uint32_t count) {
    for (;;) {
        uint32_t length = 0, from = search_from, first = 0;
        while (length < count) {
            first = find_unbound(from, count, &length);
            if (length == 0)
                break;
            from = first + length;
        }
        if (length == count && bind_run(first, count)) {
            for (uint32_t i = 0; i < count; i++)
                record(first + i)->owners = 1;
            return first;
        }
        if (pooled > 0)
            drain_pool(0);
        else if (!grow() && !give_back())
            return NO_FRAME;
    }
}

void frame_hold(uint32_t frame) {
    if (record(frame)->owners == UNBOUND || record(frame)->owners >= OWNERS_MOST)
        panic("hold of frame %u with %u owners", frame, record(frame)->owners);
    record(frame)->owners++;
}

void frame_release(uint32_t frame) {
    if (record(frame)->owners == UNBOUND || record(frame)->owners == POOLED)
        panic("release of frame %u, which nobody owns", frame);
    if (--record(frame)->owners > 0)
        return;
    if (pooled >= pool_most())
        drain_pool(pooled - bind_most()); /* not more: the lock is held meanwhile */
    pool_put(frame, true);
}

uint32_t frame_owners(uint32_t frame) {
    return record(frame)->owners;
}

uint32_t frames_total(void) {
    return information()->frames;
}

uint32_t frames_free(void) {
    struct memory_status status;
    if (memory_status(&status) != STATUS_OK)
        return pooled;
    uint32_t used = status.bound + status.page_tables + status.objects;
    return pooled + (used < status.reserved ? status.reserved - used : 0);
}
