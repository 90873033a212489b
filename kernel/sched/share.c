// SPDX-License-Identifier: MIT
/*
 * CPU shares: see share.h. Virtual time is nanoseconds divided by the weight, by one multiplication with an
 * inverse of 20 fractional bits: the largest weight, 10,000, still keeps 1 % of precision.
 */
#include "kernel/sched/share.h"

#define PERCENT   100u
#define LONG_WORK (1ull << 62)  /* in a turn: after all that is short */
#define DEBT_MOST 1000000000ull /* a clock that jumps does not stop a tenant for minutes */

void share_initialise(struct share *share, uint32_t reservation, uint32_t weight, uint32_t cap) {
    *share = (struct share){.reservation = reservation,
                            .cap = cap,
                            .anywhere = true,
                            .in_use = SHARE_ANYWHERE,
                            .chosen_at = SHARE_ANYWHERE};
    share_set_weight(share, weight);
}

void share_set_weight(struct share *share, uint32_t weight) {
    share->weight = weight;
    share->inverse_weight = (1u << SHARE_INVERSE_BITS) / weight;
}

static uint64_t allowance(uint32_t percent) {
    return (uint32_t)(SHARE_PERIOD / PERCENT) * percent;
}

/* What is still owed of this period's use after `periods` of the cap have paid for it. */
static uint64_t debt(const struct share *share, uint64_t periods) {
    uint64_t paid = allowance(share->cap) * periods,
             owed = share->used > paid ? share->used - paid : 0;

    return owed < DEBT_MOST ? owed : DEBT_MOST;
}

static void begin_period(struct share *share, uint64_t now) {
    uint64_t start;

    if (share->throttled_since) {
        share->throttled += share_next_period(share) - share->throttled_since;
        share->throttled_since = 0;
    }
    start = now - now % SHARE_PERIOD;
    share->used = debt(share, (start - share->period_start) / SHARE_PERIOD);
    share->period_start = start;
}

/* Into the period of `now`; an older `now` than the last one changes nothing. */
static inline void roll(struct share *share, uint64_t now) {
    if (now >= share_next_period(share))
        begin_period(share, now);
}

/* What is left of `percent` in this period. */
static uint64_t left_of(const struct share *share, uint32_t percent) {
    uint64_t limit = allowance(percent);

    return share->used < limit ? limit - share->used : 0;
}

/* How long an even pace through a period takes to give so much of the reservation. */
static uint64_t time_at_even_pace(const struct share *share, uint32_t nanoseconds) {
    uint32_t reservation = share->reservation;

    return (uint64_t)(nanoseconds / reservation) * PERCENT +
           nanoseconds % reservation * PERCENT / reservation;
}

static void use_reserved(struct share *share, uint32_t nanoseconds) {
    share->tag += time_at_even_pace(share, nanoseconds);
    share->quantum_left -= nanoseconds < share->quantum_left ? nanoseconds : share->quantum_left;
}

uint64_t share_turn(const struct share *share) {
    if (share->quantum_left == 0)
        return LONG_WORK | share->tag;
    return share->period_start + time_at_even_pace(share, (uint32_t)share->used);
}

/* Within one period: what the reservation does not cover moves virtual time. */
static void use(struct share *share, uint64_t nanoseconds) {
    uint64_t reserved = left_of(share, share->reservation);

    if (nanoseconds > reserved)
        share->virtual_time += (nanoseconds - reserved) * share->inverse_weight;
    if (reserved > 0)
        use_reserved(share, (uint32_t)(nanoseconds < reserved ? nanoseconds : reserved));
    share->used += nanoseconds;
    share->total += nanoseconds;
}

/* Split at the last boundary: what lies before it belongs to the period that it began in. Whoever runs for
 * longer than a period at once gets one period's reservation for all before the last. */
static void use_across_periods(struct share *share, uint64_t now, uint64_t nanoseconds) {
    uint64_t inside = now % SHARE_PERIOD;

    roll(share, now > nanoseconds ? now - nanoseconds : 0);
    if (nanoseconds > inside && now >= share_next_period(share)) {
        use(share, nanoseconds - inside);
        nanoseconds = inside;
    }
    roll(share, now);
    use(share, nanoseconds);
}

void share_charge(struct share *share, uint64_t now, uint64_t nanoseconds) {
    if (now < share_next_period(share))
        use(share, nanoseconds);
    else
        use_across_periods(share, now, nanoseconds);
}

static void leave_cap(struct share *share, uint64_t now, uint64_t floor) {
    if (share->throttled_since) /* the cap was raised within the period */
        share->throttled += now - share->throttled_since;
    share->throttled_since = 0;
    share->held = false;
    share_wake(share, now, floor);
}

bool share_may_run(struct share *share, uint64_t now, uint64_t floor) {
    roll(share, now);
    if (left_of(share, share->cap) > 0) {
        if (share->held)
            leave_cap(share, now, floor);
        return true;
    }
    if (share->throttled_since == 0)
        share->throttled_since = now;
    share->held = true;
    return false;
}

bool share_is_reserved(struct share *share, uint64_t now) {
    roll(share, now);
    return left_of(share, share->reservation) > 0;
}

enum share_standing share_stands(struct share *share, uint64_t now, uint64_t floor,
                                 uint64_t *left) {
    *left = 0;
    if (!share_may_run(share, now, floor))
        return SHARE_HELD;
    *left = left_of(share, share->reservation);
    if (*left > 0)
        return SHARE_RESERVED;
    *left = left_of(share, share->cap);
    return SHARE_WEIGHTED;
}

void share_wake(struct share *share, uint64_t now, uint64_t floor) {
    share->virtual_time = share_resume(share->virtual_time, floor);
    if (share->tag >= share_latest_lag(now))
        return;
    share->tag = share_latest_lag(now);
    share->quantum_left = SHARE_QUANTUM;
}
