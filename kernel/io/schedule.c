// SPDX-License-Identifier: MIT
/*
 * See schedule.h. A tag is moved when a request goes, not when it comes: a flow needs no tags per request, and what is
 * dropped from a queue was never charged.
 *
 * While the device is slower than its model says reservations fall behind, and share what there is by their sizes. The
 * clock that they go by stands still when the first is LATE_MOST behind, so that a bad hour is over when it is over.
 */
#include "kernel/io/schedule.h"

#define SECOND    1000000000ull
#define LATE_MOST SECOND

#define THINK_TIMES_AVERAGED 8
#define KEPT_WHILE_THINKING  4u /* requests that a long thought made late */

static uint64_t later(uint64_t a, uint64_t b) {
    return (int64_t)(a - b) > 0 ? a : b;
}

static uint64_t before(uint64_t time, uint64_t span) {
    return time > span ? time - span : 0;
}

/* For how long its reservation is served by one request of this cost. */
static uint64_t reserved_time(const struct schedule *schedule, const struct flow *flow,
                              uint64_t cost) {
    return cost * SECOND / ((uint64_t)flow->reservation * schedule->reference);
}

static uint64_t reservation_clock(const struct schedule *schedule, uint64_t now) {
    return now - schedule->behind;
}

bool schedule_is_due(const struct schedule *schedule, const struct flow *flow, uint64_t now) {
    return flow->reservation != 0 && flow->due <= reservation_clock(schedule, now);
}

static void leave_heaps(struct schedule *schedule, struct flow *flow, uint64_t now) {
    struct heap *by_due = flow->state == FLOW_RESTS ? &schedule->anticipated : &schedule->due;
    if (flow->state == FLOW_HELD) {
        heap_remove(&schedule->held, &flow->by_turn);
        flow->held_total += now - flow->held_since;
    }
    if (flow->state == FLOW_READY)
        heap_remove(&schedule->ready, &flow->by_turn);
    if (flow->by_due.place != 0)
        heap_remove(by_due, &flow->by_due);
    flow->state = FLOW_RESTS;
}

/* Its tags are not behind the clocks, but for `kept` reference requests that were due: nobody earns while he does not want, or
 * may not. */
static void become_ready(struct schedule *schedule, struct flow *flow, uint64_t now,
                         uint32_t kept) {
    flow->state = FLOW_READY;
    flow->share = later(flow->share, schedule->virtual_time);
    heap_insert(&schedule->ready, &flow->by_turn, flow->share);
    if (flow->reservation == 0)
        return;
    uint64_t one = reserved_time(schedule, flow, schedule->reference);
    flow->due = later(flow->due, before(reservation_clock(schedule, now), kept * one));
    heap_insert(&schedule->due, &flow->by_due, flow->due);
}

static void hold(struct schedule *schedule, struct flow *flow, uint64_t now, uint64_t until) {
    flow->state = FLOW_HELD;
    flow->held_since = now;
    heap_insert(&schedule->held, &flow->by_turn, until);
}

void schedule_rests(struct schedule *schedule, struct flow *flow, uint64_t now) {
    if (flow->state != FLOW_RESTS)
        leave_heaps(schedule, flow, now);
}

void schedule_leaves(struct schedule *schedule, struct flow *flow, uint64_t now) {
    leave_heaps(schedule, flow, now);
    flow->answered_at = 0;
}

/* ---- Anticipation of those who think ---- */

static void note_thinking(const struct schedule *schedule, struct flow *flow, uint64_t now) {
    if (flow->answered_at == 0)
        return;
    uint64_t thought = now - flow->answered_at;
    if (thought > 2 * schedule->reference)
        thought = 2 * schedule->reference; /* one long rest says little of the next */
    flow->think_time =
        (flow->think_time * (THINK_TIMES_AVERAGED - 1) + thought) / THINK_TIMES_AVERAGED;
    flow->answered_at = 0;
}

/* Far longer than it thinks on average: each time that it comes too late costs its reservation a request. */
static uint64_t patience_with(const struct schedule *schedule, const struct flow *flow) {
    uint64_t long_thought = 2 * flow->think_time + 2 * schedule->reference,
             most = 5 * (uint64_t)schedule->reference / 2;
    return long_thought < most ? long_thought : most;
}

void schedule_answered(struct schedule *schedule, struct flow *flow, uint64_t now) {
    uint64_t patience = patience_with(schedule, flow);
    flow->answered_at = now;
    if (flow->state != FLOW_RESTS || flow->reservation == 0 ||
        flow->think_time > schedule->reference / 2 || limit_ready_at(&flow->limit) > now + patience)
        return;
    leave_heaps(schedule, flow, now);
    flow->anticipated_until = now + patience;
    heap_insert(&schedule->anticipated, &flow->by_due, flow->due);
}

uint64_t schedule_anticipates(struct schedule *schedule, uint64_t now, uint32_t cost) {
    struct heap_node *first;
    while ((first = heap_first(&schedule->anticipated)) != NULL) {
        struct flow *flow = HEAP_OWNER(first, struct flow, by_due);
        uint64_t until = flow->anticipated_until, done = now + cost;
        if (until > now)
            return schedule_is_due(schedule, flow, until < done ? until : done - 1) ? until : 0;
        heap_remove(&schedule->anticipated, first);
    }
    return 0;
}

/* ---- Turns ---- */

void schedule_wants(struct schedule *schedule, struct flow *flow, uint64_t now) {
    if (flow->state != FLOW_RESTS)
        return;
    bool was_anticipated = flow->by_due.place != 0 && now < flow->anticipated_until;
    note_thinking(schedule, flow, now);
    leave_heaps(schedule, flow, now);
    uint64_t ready_at = limit_ready_at(&flow->limit);
    if (ready_at > now)
        hold(schedule, flow, now, ready_at + flow->pause);
    else
        become_ready(schedule, flow, now, was_anticipated ? KEPT_WHILE_THINKING : 1);
}

static void release_held(struct schedule *schedule, uint64_t now) {
    struct heap_node *first;
    while ((first = heap_first(&schedule->held)) != NULL && first->key <= now) {
        struct flow *flow = HEAP_OWNER(first, struct flow, by_turn);
        leave_heaps(schedule, flow, now);
        become_ready(schedule, flow, now, 1);
    }
}

static void stop_clock_of_late(struct schedule *schedule, uint64_t due, uint64_t now) {
    uint64_t clock = reservation_clock(schedule, now);
    if (clock > due + LATE_MOST)
        schedule->behind += clock - (due + LATE_MOST);
}

struct flow *schedule_next(struct schedule *schedule, uint64_t now) {
    release_held(schedule, now);
    struct heap_node *first = heap_first(&schedule->due);
    if (first != NULL)
        stop_clock_of_late(schedule, first->key, now);
    if (first != NULL && first->key <= reservation_clock(schedule, now))
        return HEAP_OWNER(first, struct flow, by_due);
    first = heap_first(&schedule->ready);
    return first != NULL ? HEAP_OWNER(first, struct flow, by_turn) : NULL;
}

static void move_due(struct schedule *schedule, struct flow *flow, uint32_t cost) {
    flow->due += reserved_time(schedule, flow, cost);
    heap_change(&schedule->due, &flow->by_due, flow->due);
}

static void move_share(struct schedule *schedule, struct flow *flow, uint32_t cost) {
    schedule->virtual_time = later(schedule->virtual_time, flow->share);
    flow->share += (uint64_t)cost * WEIGHT_MAX / flow->weight;
    heap_change(&schedule->ready, &flow->by_turn, flow->share);
}

void schedule_charge(struct schedule *schedule, struct flow *flow, uint64_t now, uint32_t cost,
                     uint32_t bytes) {
    if (schedule_is_due(schedule, flow, now))
        move_due(schedule, flow, cost);
    else
        move_share(schedule, flow, cost);
    limit_charge(&flow->limit, now, bytes);
    uint64_t ready_at = limit_ready_at(&flow->limit);
    if (ready_at <= now)
        return;
    leave_heaps(schedule, flow, now);
    hold(schedule, flow, now, ready_at + flow->pause);
}

uint64_t schedule_held_until(const struct schedule *schedule) {
    const struct heap_node *first = heap_first(&schedule->held);
    return first != NULL ? first->key : UINT64_MAX;
}

void schedule_flow_changed(struct schedule *schedule, struct flow *flow, uint64_t now) {
    bool wants = flow->state != FLOW_RESTS;
    schedule_leaves(schedule, flow, now);
    if (wants)
        schedule_wants(schedule, flow, now);
}
