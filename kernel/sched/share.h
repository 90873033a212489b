// SPDX-License-Identifier: MIT
/*
 * A tenant's share of the CPU: reservation, weight and cap. Pure logic, no hardware, all times in
 * nanoseconds.
 *
 * Time is cut into periods of SHARE_PERIOD. In each period a tenant
 *   - below its reservation runs before anybody who is not; of several first whose work is short,
 *   - at its cap does not run again before the next period,
 *   - otherwise runs by virtual time: the least (time used / weight) first.
 * The tag of reserved time is when an even pace would have given what was used of it. Whose tag lies SHARE_LAG back when it
 * wakes has earned a quantum: until that is used its work is short, and of several goes first who has used the least of
 * its reservation in this period. All other reserved work is long, and goes by the least tag: who was ready and kept from
 * work, by drivers or by short work of others, catches up, from one period to the next by SHARE_LAG at most. So a burst
 * after a long sleep is in nobody's way for more than a quantum, though all of its reservation is left.
 * Weights divide what reservations leave: reserved time does not move virtual time. Time that crosses the end
 * of a reservation or of a period is split there, so that no pattern of short and long runs earns any. A tenant that was idle, or
 * held at its cap, starts again at the floor, the virtual time of who was chosen by weight last: neither sleep
 * nor a cap earns credit. What goes beyond a cap (a driver at work for several is not stopped by the cap of one) is a debt, and paid
 * in the next periods.
 */
#ifndef KERNEL_SCHED_SHARE_H
#define KERNEL_SCHED_SHARE_H

#include "kernel/sched/heap.h"

#include <stdbool.h>
#include <stdint.h>

#define SHARE_PERIOD   100000000ull /* 100 ms */
#define SHARE_LAG      5000000ull   /* 5 ms */
#define SHARE_QUANTUM  150000u      /* 0.15 ms */
#define SHARE_CPUS     8u
#define SHARE_ANYWHERE (1u << 31) /* beside a bit for each CPU */

/* The furthest that anybody is ahead of the floor: one second at weight 1. */
#define SHARE_INVERSE_BITS 20
#define SHARE_AHEAD_MOST   (1000000000ull << SHARE_INVERSE_BITS)

enum share_standing { SHARE_AWAY, SHARE_RESERVED, SHARE_WEIGHTED, SHARE_HELD };

struct share {
    uint32_t reservation, weight, cap; /* percent, 1..10000, percent */
    uint32_t inverse_weight;           /* fixed point; see share_set_weight() */
    uint64_t period_start, used;       /* in this period */
    uint64_t virtual_time;
    uint64_t tag;                    /* of reserved time */
    uint32_t quantum_left;           /* likewise: its work is short until it has used that */
    uint64_t total, throttled;       /* since birth */
    uint64_t throttled_since;        /* 0: not throttled */
    bool held;                       /* at its cap when it was looked at last */
    struct heap_node place, renewal; /* of share_queue.h */
    uint8_t standing;                /* likewise; enum share_standing */
    uint64_t standing_left;          /* likewise; what it may use before that changes */
    uint32_t common_weight;          /* likewise; what it counts in the queue's */
    struct seat *seats;    /* of seat.h, one for each CPU; NULL: its threads may run anywhere */
    bool anywhere;         /* likewise: a thread of it is ready that may */
    uint32_t cpus;         /* likewise: its seats that stand */
    uint32_t in_use, left; /* likewise: its places that are in use, and that were last */
    uint64_t elsewhere;    /* as in struct seat */
    uint32_t chosen_at;    /* likewise: the place, by which it was chosen last */
};

void share_initialise(struct share *share, uint32_t reservation, uint32_t weight, uint32_t cap);
void share_set_weight(struct share *share, uint32_t weight);
/* It ran for so long until `now`. */
void share_charge(struct share *share, uint64_t now, uint64_t nanoseconds);
bool share_may_run(struct share *share, uint64_t now, uint64_t floor); /* false: at its cap */
bool share_is_reserved(struct share *share, uint64_t now);             /* below its reservation */
/* Its standing among those that are ready, and what it may use before that changes. */
enum share_standing share_stands(struct share *share, uint64_t now, uint64_t floor, uint64_t *left);
/* It waits for the CPU from `now` on. */
void share_wake(struct share *share, uint64_t now, uint64_t floor);
/* It is ready, and not held at its cap. */
static inline bool share_is_let(const struct share *share) {
    return share->standing == SHARE_RESERVED || share->standing == SHARE_WEIGHTED;
}
/* The least tag of who wakes now. */
static inline uint64_t share_latest_lag(uint64_t now) {
    return now > SHARE_LAG ? now - SHARE_LAG : 0;
}
/* Its tag is `time` at least. */
static inline void share_catch_up(struct share *share, uint64_t time) {
    if (share->tag < time)
        share->tag = time;
}
/* Virtual time of who comes back after a while: no credit, and whoever seems far ahead slept until virtual time wrapped. */
static inline uint64_t share_resume(uint64_t virtual_time, uint64_t floor) {
    return virtual_time - floor > SHARE_AHEAD_MOST ? floor : virtual_time;
}
/* The first of the CPUs, or places, that have a bit; there is one. */
static inline uint32_t share_first(uint32_t bits) {
    return (uint32_t)__builtin_ctz(bits);
}
/* Of two virtual times. */
static inline uint64_t share_later(uint64_t one, uint64_t other) {
    return (int64_t)(one - other) < 0 ? other : one;
} /* they wrap */
/* Of those that are below their reservation the one with the least turn goes first. */
uint64_t share_turn(const struct share *share);
/* `share` runs and `other` has become ready: does that one wait, for the end of a quantum if their standing is the same? */
static inline bool share_may_finish(const struct share *share, const struct share *other) {
    if (share->standing == SHARE_AWAY || share->standing > other->standing)
        return false;
    return share->standing < other->standing || share->standing == SHARE_WEIGHTED ||
           share->quantum_left > 0;
}
static inline uint64_t share_next_period(const struct share *share) {
    return share->period_start + SHARE_PERIOD;
}

#endif
