// SPDX-License-Identifier: MIT
/*
 * See share_queue.h. A place in `reserved` or `weighted` holds without a look at the clock: a new period makes
 * nobody's place worse, and whose place it makes better is in `renewals`.
 */
#include "kernel/sched/share_queue.h"

#include "kernel/sched/seat.h"

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

/* ---- Those who may run anywhere ---- */

/* Also while all of its threads that may do so run: then it is in no heap, but counts. */
void share_queue_weigh(struct share_queue *queue, struct share *share) {
    bool counts = share->standing == SHARE_WEIGHTED && (share->in_use & SHARE_ANYWHERE);
    uint32_t weight = counts ? share->weight : 0;

    queue->common_weight += weight - share->common_weight;
    share->common_weight = weight;
}

void share_queue_enter_common(struct share_queue *queue, struct share *share) {
    struct heap *heap = heap_of(queue, share->standing);

    if (heap == NULL)
        return;
    heap_insert(heap, &share->place, key_of(share));
    if (queue->seated && heap == &queue->weighted && heap->count == 1)
        seats_welcome_common(queue);
}

void share_queue_leave_common(struct share_queue *queue, struct share *share) {
    if (share->place.place)
        heap_remove(heap_of(queue, share->standing), &share->place);
}

/* ---- All ---- */

static void enter(struct share_queue *queue, struct share *share, uint64_t now) {
    share->standing = share_stands(share, now, queue->floor, &share->standing_left);
    if (share->anywhere)
        share_queue_enter_common(queue, share);
    if (share->seats)
        seats_enter(queue, share);
    share_queue_weigh(queue, share);
    if (share->standing == SHARE_HELD ||
        (share->standing == SHARE_WEIGHTED && share->reservation > 0))
        heap_insert(&queue->renewals, &share->renewal, renewal_key(share));
}

static void leave(struct share_queue *queue, struct share *share) {
    share_queue_leave_common(queue, share);
    if (share->seats)
        seats_leave(queue, share);
    if (share->renewal.place)
        heap_remove(&queue->renewals, &share->renewal);
    share->standing = SHARE_AWAY;
    share->standing_left = 0;
    share_queue_weigh(queue, share);
}

void share_queue_add(struct share_queue *queue, struct share *share, uint64_t now) {
    share_wake(share, now, queue->floor);
    if (share->seats)
        seats_wake(queue, share);
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

static void charge(struct share_queue *queue, struct share *share, uint64_t now,
                   uint64_t nanoseconds, uint32_t cpu, uint32_t place) {
    bool stays = nanoseconds < share->standing_left && now < share_next_period(share);
    uint64_t before = share->virtual_time;

    share_charge(share, now, nanoseconds);
    if (queue->seated)
        seats_charge(queue, share, before, cpu, place);
    if (!stays) {
        share_queue_reset(queue, share, now);
        return;
    }
    share->standing_left -= nanoseconds;
    if (share->anywhere)
        change(heap_of(queue, share->standing), &share->place, key_of(share));
    if (share->cpus)
        seats_change(queue, share);
}

void share_queue_charge(struct share_queue *queue, struct share *share, uint64_t now,
                        uint64_t nanoseconds, uint32_t cpu) {
    charge(queue, share, now, nanoseconds, cpu, 0);
}

void share_queue_charge_run(struct share_queue *queue, struct share *share, uint64_t now,
                            uint64_t nanoseconds, uint32_t cpu, uint32_t place) {
    charge(queue, share, now, nanoseconds, cpu, place);
}

void share_queue_reset(struct share_queue *queue, struct share *share, uint64_t now) {
    if (share->standing == SHARE_AWAY)
        return;
    share_catch_up(share, share->standing == SHARE_RESERVED ? share_latest_lag(now) : now);
    if (share->seats && share->standing == SHARE_HELD)
        seats_wake(queue, share);
    leave(queue, share);
    enter(queue, share, now);
}

static void renew(struct share_queue *queue, uint64_t now) {
    for (uint32_t n = 0; n < RENEWALS_AT_ONCE && share_queue_next(queue) <= now; n++)
        share_queue_reset(queue, HEAP_OWNER(heap_first(&queue->renewals), struct share, renewal),
                          now);
}

/* Of those who may run anywhere. */
static struct share *choose_common(struct share_queue *queue) {
    struct heap_node *first = heap_first(&queue->reserved);
    struct share *chosen;

    if (first)
        return HEAP_OWNER(first, struct share, place);
    first = heap_first(&queue->weighted);
    if (first == NULL)
        return NULL;
    chosen = HEAP_OWNER(first, struct share, place);
    queue->floor = share_later(queue->floor, chosen->virtual_time);
    return chosen;
}

struct share *share_queue_choose(struct share_queue *queue, uint32_t cpu, uint64_t now) {
    struct share *chosen;

    renew(queue, now);
    chosen = queue->seated ? seats_choose(queue, cpu) : NULL;
    if (chosen)
        return chosen;
    chosen = choose_common(queue);
    if (chosen && queue->seated)
        chosen->chosen_at = SHARE_ANYWHERE;
    return chosen;
}

/* Where a share that is away would stand is found as if it were added. */
bool share_queue_precedes(struct share_queue *queue, struct share *share,
                          const struct share *chosen, uint32_t cpu, uint64_t now) {
    enum share_standing standing = share->standing;
    uint64_t left;

    if (standing == SHARE_AWAY) {
        share_wake(share, now, queue->floor);
        standing = share_stands(share, now, queue->floor, &left);
    }
    if (standing != chosen->standing)
        return standing < chosen->standing;
    if (standing == SHARE_RESERVED)
        return share_turn(share) <= share_turn(chosen);
    if (share->seats || chosen->chosen_at != SHARE_ANYWHERE)
        return seats_precede(queue, share, chosen, cpu);
    return (int64_t)(share->virtual_time - chosen->virtual_time) <= 0; /* they wrap */
}

uint64_t share_queue_next(const struct share_queue *queue) {
    const struct heap_node *first = heap_first(&queue->renewals);

    return first ? time_of_renewal(first->key) : UINT64_MAX;
}
