// SPDX-License-Identifier: MIT
/*
 * Who of those that are ready goes next, by share.h's rules, in O(log n). Pure logic.
 *
 *   reserved   below its reservation: the least turn first
 *   weighted   beyond it: the least virtual time first, when nobody is reserved
 *   held       at its cap
 *   renewals   held ones, and weighted ones with a reservation, by the period that gives them a better place
 *
 * All CPUs choose from these. Who has threads that may run on some CPUs only stands in heaps of those CPUs, beside the common
 * ones or instead: so a CPU never comes upon anybody that it has nothing to do for. Those who never confine a thread pay for
 * that with a look at a count.
 *
 * At a period's start many may be due at once. A choice looks at RENEWALS_AT_ONCE of them, those with a
 * reservation first, and the next choice is due at once while some are left.
 */
#ifndef KERNEL_SCHED_SHARE_QUEUE_H
#define KERNEL_SCHED_SHARE_QUEUE_H

#include "kernel/sched/share.h"

struct confined_heaps {
    struct heap reserved, weighted;
};

struct share_queue {
    struct heap reserved, weighted, renewals;
    uint32_t count; /* of all that are ready */
    uint64_t floor; /* where a sleeper starts again */
    struct confined_heaps confined[SHARE_CPUS];
    uint32_t confined_count; /* nodes in all of these */
};

void share_queue_add(struct share_queue *queue, struct share *share, uint64_t now);
void share_queue_remove(struct share_queue *queue, struct share *share);
/* share_charge(), whether it is in the queue or not. */
void share_queue_charge(struct share_queue *queue, struct share *share, uint64_t now,
                        uint64_t nanoseconds);
/* Its settings have changed; nothing if it is not in the queue. */
void share_queue_reset(struct share_queue *queue, struct share *share, uint64_t now);
/* Where it may run from now on: on all CPUs (as at first) if `anywhere`, and on those that `cpus` has a bit for. Nowhere,
 * if none of its threads is ready that could be chosen. In O(CPUs * log n). */
void share_queue_place(struct share_queue *queue, struct share *share, bool anywhere,
                       uint32_t cpus);
/* What it has waited for at the CPUs where it stood is no credit elsewhere: it is behind by no more than it could use in a
 * period. For when it is about to have other places. */
void share_queue_limit_lag(struct share_queue *queue, struct share *share, uint64_t now);
/* The chosen one may go on, on that CPU, until it has used standing_left. */
struct share *share_queue_choose(struct share_queue *queue, uint32_t cpu,
                                 uint64_t now); /* NULL: nobody may run */
/* Of those with a place at that CPU in particular; NULL: nobody. */
struct share *share_queue_confined(const struct share_queue *queue, uint32_t cpu);
/* How many are below their reservation and may run on that CPU; whoever has two places there is counted twice. */
static inline uint32_t share_queue_reserved(const struct share_queue *queue, uint32_t cpu) {
    return queue->reserved.count + queue->confined[cpu].reserved.count;
}
/* Would `share`, if it were ready, go before the one that was chosen, or with it? */
bool share_queue_precedes(struct share_queue *queue, struct share *share,
                          const struct share *chosen, uint64_t now);
/* When to choose anew, whoever was chosen; UINT64_MAX: never. */
uint64_t share_queue_next(const struct share_queue *queue);

#endif
