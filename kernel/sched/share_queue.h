// SPDX-License-Identifier: MIT
/*
 * Who of those that are ready goes next, by share.h's rules, in O(log n). Pure logic.
 *
 *   reserved   below its reservation: the least turn first
 *   weighted   beyond it: the least virtual time first, when nobody is reserved
 *   held       at its cap
 *   renewals   held ones, and weighted ones with a reservation, by the period that gives them a better place
 *
 * All CPUs choose from these; and each from the seats of those who have threads for it in particular (seat.h), beside them.
 * While nobody has seats, they cost a look at a count.
 *
 * At a period's start many may be due at once. A choice looks at RENEWALS_AT_ONCE of them, those with a
 * reservation first, and the next choice is due at once while some are left.
 */
#ifndef KERNEL_SCHED_SHARE_QUEUE_H
#define KERNEL_SCHED_SHARE_QUEUE_H

#include "kernel/sched/leftist_tree.h"
#include "kernel/sched/share.h"

struct cpu_seats { /* of one CPU: seat.h */
    struct leftist_node *reserved, *weighted;
    uint32_t reserved_count;
    uint64_t floor;               /* where a seat starts again that was not in use */
    uint64_t common_virtual_time; /* of all who may run anywhere, at this CPU */
};

struct share_queue {
    struct heap reserved, weighted, renewals;
    uint32_t count; /* of all that are ready */
    uint64_t floor; /* where a sleeper starts again */
    uint32_t cpu_count;
    uint32_t common_weight; /* of those by weight who may run anywhere */
    uint32_t seated;        /* how many have seats */
    uint32_t standing;      /* how many seats are at `seats` */
    struct cpu_seats seats[SHARE_CPUS];
};

void share_queue_add(struct share_queue *queue, struct share *share, uint64_t now);
void share_queue_remove(struct share_queue *queue, struct share *share);
/* share_charge(), whether it is in the queue or not: for time that others worked for it on that CPU. */
void share_queue_charge(struct share_queue *queue, struct share *share, uint64_t now,
                        uint64_t nanoseconds, uint32_t cpu);
/* The same, for time that a thread of its own ran there, by the place that chosen_at was then. */
void share_queue_charge_run(struct share_queue *queue, struct share *share, uint64_t now,
                            uint64_t nanoseconds, uint32_t cpu, uint32_t place);
/* Its settings have changed; nothing if it is not in the queue. */
void share_queue_reset(struct share_queue *queue, struct share *share, uint64_t now);
/* The chosen one may go on, on that CPU, until it has used standing_left. Sets its chosen_at. */
struct share *share_queue_choose(struct share_queue *queue, uint32_t cpu,
                                 uint64_t now); /* NULL: nobody may run */
/* How many are below their reservation and may run on that CPU; whoever has two places there is counted twice. */
static inline uint32_t share_queue_reserved(const struct share_queue *queue, uint32_t cpu) {
    return queue->reserved.count + queue->seats[cpu].reserved_count;
}
/* Would `share`, if it were ready, go before the one that was chosen for that CPU, or with it? */
bool share_queue_precedes(struct share_queue *queue, struct share *share,
                          const struct share *chosen, uint32_t cpu, uint64_t now);
/* For seat.c: among those who may run anywhere. It enters the heap of its standing, if that has one, or leaves it; its weight
 * may count among theirs, or not any more. */
void share_queue_enter_common(struct share_queue *queue, struct share *share);
void share_queue_leave_common(struct share_queue *queue, struct share *share);
void share_queue_weigh(struct share_queue *queue, struct share *share);
/* When to choose anew, whoever was chosen; UINT64_MAX: never. */
uint64_t share_queue_next(const struct share_queue *queue);

#endif
