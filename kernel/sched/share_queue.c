// SPDX-License-Identifier: MIT
/*
 * See share_queue.h. A place in `reserved` or `weighted` holds without a look at the clock: a new period makes
 * nobody's place worse, and whose place it makes better is in `renewals`.
 */
#include "kernel/sched/share_queue.h"

#define RENEWALS_AT_ONCE 4

/* Periods begin at even nanoseconds: the lowest bit sends those without a reservation behind the others. */
static uint64_t renewal_key(const struct share *share) {
    return share_next_period(share) | (share->reservation == 0);
}

static uint64_t time_of_renewal(uint64_t key) {
    return key & ~1ull;
}

/* NULL: it may not run. */
static struct heap *heap_of(struct share_queue *queue, enum share_standing standing) {
    if (standing == SHARE_RESERVED)
        return &queue->reserved;
    return standing == SHARE_WEIGHTED ? &queue->weighted : NULL;
}

static uint64_t key_at(const struct share *share, enum share_standing standing) {
    return standing == SHARE_RESERVED ? share_turn(share) : share->virtual_time;
}

static uint64_t key_of(const struct share *share) {
    return key_at(share, share->standing);
}

/* ---- Those that stand at some CPUs ---- */

static struct heap *confined_heap(struct share_queue *queue, uint32_t standing, uint32_t cpu) {
    return standing == SHARE_RESERVED ? &queue->confined[cpu].reserved
                                      : &queue->confined[cpu].weighted;
}

static uint32_t lowest_bit(uint32_t bits) {
    return (uint32_t)__builtin_ctz(bits);
}

/* Its standing lets it run. */
static void enter_confined(struct share_queue *queue, struct share *share, uint32_t cpus) {
    for (; cpus; cpus &= cpus - 1, queue->confined_count++) {
        uint32_t cpu = lowest_bit(cpus);

        heap_insert(confined_heap(queue, share->standing, cpu), &share->confined_places[cpu],
                    key_of(share));
    }
}

static void leave_confined(struct share_queue *queue, struct share *share, uint32_t cpus) {
    for (; cpus; cpus &= cpus - 1, queue->confined_count--) {
        uint32_t cpu = lowest_bit(cpus);

        heap_remove(confined_heap(queue, share->standing, cpu), &share->confined_places[cpu]);
    }
}

static void change_confined(struct share_queue *queue, struct share *share) {
    for (uint32_t cpus = share->cpus; cpus; cpus &= cpus - 1) {
        uint32_t cpu = lowest_bit(cpus);

        heap_change(confined_heap(queue, share->standing, cpu), &share->confined_places[cpu],
                    key_of(share));
    }
}

void share_queue_place(struct share_queue *queue, struct share *share, bool anywhere,
                       uint32_t cpus) {
    bool is_let = share_is_let(share);

    if (is_let && anywhere && !share->anywhere)
        heap_insert(heap_of(queue, share->standing), &share->place, key_of(share));
    if (is_let && !anywhere && share->anywhere)
        heap_remove(heap_of(queue, share->standing), &share->place);
    if (is_let) {
        leave_confined(queue, share, share->cpus & ~cpus);
        enter_confined(queue, share, cpus & ~share->cpus);
    }
    share->anywhere = anywhere;
    share->cpus = cpus;
}

static struct share *first_confined(const struct heap *heap, uint32_t cpu) {
    struct heap_node *first = heap_first(heap);

    return first ? HEAP_OWNER(first - cpu, struct share, confined_places) : NULL;
}

struct share *share_queue_confined(const struct share_queue *queue, uint32_t cpu) {
    struct share *reserved = first_confined(&queue->confined[cpu].reserved, cpu);

    return reserved ? reserved : first_confined(&queue->confined[cpu].weighted, cpu);
}

/* ---- All ---- */

static void enter(struct share_queue *queue, struct share *share, uint64_t now) {
    struct heap *heap;

    share->standing = share_stands(share, now, queue->floor, &share->standing_left);
    heap = heap_of(queue, share->standing);
    if (heap && share->anywhere)
        heap_insert(heap, &share->place, key_of(share));
    if (heap && share->cpus)
        enter_confined(queue, share, share->cpus);
    if (share->standing == SHARE_HELD ||
        (share->standing == SHARE_WEIGHTED && share->reservation > 0))
        heap_insert(&queue->renewals, &share->renewal, renewal_key(share));
}

static void leave(struct share_queue *queue, struct share *share) {
    if (share->place.place)
        heap_remove(heap_of(queue, share->standing), &share->place);
    if (share->cpus && share_is_let(share))
        leave_confined(queue, share, share->cpus);
    if (share->renewal.place)
        heap_remove(&queue->renewals, &share->renewal);
    share->standing = SHARE_AWAY;
    share->standing_left = 0;
}

void share_queue_add(struct share_queue *queue, struct share *share, uint64_t now) {
    share_wake(share, now, queue->floor);
    enter(queue, share, now);
    queue->count++;
}

void share_queue_remove(struct share_queue *queue, struct share *share) {
    leave(queue, share);
    queue->count--;
}

static void change(struct heap *heap, struct heap_node *node, uint64_t key) {
    if (heap->count == 1)
        node->key = key;
    else if (node->key != key)
        heap_change(heap, node, key);
}

void share_queue_charge(struct share_queue *queue, struct share *share, uint64_t now,
                        uint64_t nanoseconds) {
    bool stays = nanoseconds < share->standing_left && now < share_next_period(share);

    share_charge(share, now, nanoseconds);
    if (!stays) {
        share_queue_reset(queue, share, now);
        return;
    }
    share->standing_left -= nanoseconds;
    if (share->anywhere)
        change(heap_of(queue, share->standing), &share->place, key_of(share));
    if (share->cpus)
        change_confined(queue, share);
}

void share_queue_reset(struct share_queue *queue, struct share *share, uint64_t now) {
    if (share->standing == SHARE_AWAY)
        return;
    share_catch_up(share, share->standing == SHARE_RESERVED ? share_latest_lag(now) : now);
    leave(queue, share);
    enter(queue, share, now);
}

void share_queue_limit_lag(struct share_queue *queue, struct share *share, uint64_t now) {
    uint64_t least = share_least_virtual_time(share, queue->floor);
    bool is_queued = share->standing != SHARE_AWAY;

    if ((int64_t)(share->virtual_time - least) >= 0) /* they wrap */
        return;
    if (is_queued)
        leave(queue, share);
    share->virtual_time = least;
    if (is_queued)
        enter(queue, share, now);
}

static void renew(struct share_queue *queue, uint64_t now) {
    for (uint32_t n = 0; n < RENEWALS_AT_ONCE && share_queue_next(queue) <= now; n++)
        share_queue_reset(queue, HEAP_OWNER(heap_first(&queue->renewals), struct share, renewal),
                          now);
}

/* The first in a heap of all CPUs, and in that CPU's: the one that goes before the other. */
static struct share *first_of(const struct heap *all, const struct heap *own, uint32_t cpu) {
    struct heap_node *common = heap_first(all);
    const struct heap_node *here = heap_first(own);

    if (here && (common == NULL || (int64_t)(here->key - common->key) < 0)) /* they wrap */
        return first_confined(own, cpu);
    return common ? HEAP_OWNER(common, struct share, place) : NULL;
}

struct share *share_queue_choose(struct share_queue *queue, uint32_t cpu, uint64_t now) {
    struct confined_heaps *own = &queue->confined[cpu];
    struct share *chosen;

    renew(queue, now);
    chosen = first_of(&queue->reserved, &own->reserved, cpu);
    if (chosen)
        return chosen;
    chosen = first_of(&queue->weighted, &own->weighted, cpu);
    if (chosen == NULL)
        return NULL;
    queue->floor = share_floor(chosen, queue->floor);
    return chosen;
}

/* Where a share that is away would stand is found as if it were added. */
bool share_queue_precedes(struct share_queue *queue, struct share *share,
                          const struct share *chosen, uint64_t now) {
    enum share_standing standing = share->standing;
    uint64_t left;

    if (standing == SHARE_AWAY) {
        share_wake(share, now, queue->floor);
        standing = share_stands(share, now, queue->floor, &left);
    }
    if (standing != chosen->standing)
        return standing < chosen->standing;
    return (int64_t)(key_at(share, standing) - key_of(chosen)) <= 0; /* they wrap */
}

uint64_t share_queue_next(const struct share_queue *queue) {
    const struct heap_node *first = heap_first(&queue->renewals);

    return first ? time_of_renewal(first->key) : UINT64_MAX;
}
