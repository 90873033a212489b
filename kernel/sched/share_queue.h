// SPDX-License-Identifier: MIT
/*
 * Who of those that are ready goes next, by share.h's rules, in O(log n). Pure logic.
 *
 *   reserved   below its reservation: the least turn first
 *   weighted   beyond it: the least virtual time first, when nobody is reserved
 *   held       at its cap
 *   renewals   held ones, and weighted ones with a reservation, by the period that gives them a better place
 *
 * At a period's start many may be due at once. A choice looks at RENEWALS_AT_ONCE of them, those with a
 * reservation first, and the next choice is due at once while some are left.
 */
#ifndef KERNEL_SCHED_SHARE_QUEUE_H
#define KERNEL_SCHED_SHARE_QUEUE_H

#include "kernel/sched/share.h"

struct share_queue {
    struct heap reserved, weighted, renewals;
    uint32_t count; /* of all that are ready */
    uint64_t floor; /* where a sleeper starts again */
};

void share_queue_add(struct share_queue *queue, struct share *share, uint64_t now);
void share_queue_remove(struct share_queue *queue, struct share *share);
/* share_charge(), whether it is in the queue or not. */
void share_queue_charge(struct share_queue *queue, struct share *share, uint64_t now,
                        uint64_t nanoseconds);
/* Its settings have changed; nothing if it is not in the queue. */
void share_queue_reset(struct share_queue *queue, struct share *share, uint64_t now);
/* The chosen one may go on until it has used standing_left. */
struct share *share_queue_choose(struct share_queue *queue,
                                 uint64_t now); /* NULL: nobody may run */
/* Would `share`, if it were ready, go before the one that was chosen, or with it? */
bool share_queue_precedes(struct share_queue *queue, struct share *share,
                          const struct share *chosen, uint64_t now);
/* When to choose anew, whoever was chosen; UINT64_MAX: never. */
uint64_t share_queue_next(const struct share_queue *queue);

#endif
