// SPDX-License-Identifier: MIT
/*
 * Seats: where a tenant stands whose threads may not run anywhere, or do not take turns (kernel/sched/placement.h). It has one at
 * each CPU. Pure logic, in O(CPUs * log n).
 *
 *   CPU 0                                    CPU 1
 *     all who may run anywhere ─ together      all who may run anywhere ─ together
 *     A's seat                                 A's seat
 *                                              B's seat
 *
 * Reserved time goes by turn, wherever one stands. Time by weight is shared out by clocks of each CPU's own, and there those who
 * may run anywhere are one: their weight is the sum of theirs, divided by the CPUs, and which of them it is share_queue.h says. So
 * nobody waits at a CPU for somebody who lags behind at another one.
 *
 * What must hold:
 *   - Nobody has more for being in several places: what it uses at one counts at all that are in use or were last, though for a
 *     period at most between two turns there, so that none of its threads is forgotten. A place is in use while a thread that may run there is ready or
 *     runs. Others' work for a tenant, on a CPU, is as if it had run at its seat there.
 *   - Who is ahead stays ahead: a place that comes into use starts as far behind the next one there as the tenant is ahead where it
 *     is or was last.
 *   - Nobody has a credit at a place where he has not waited: it is never behind a floor when it begins to stand there.
 *
 * Where nobody else wants to run, at a CPU or among those who may run anywhere, being ahead of a floor means nothing, and one may get
 * rid of it there: so at each CPU one can have up to twice the part of one's weight there, and not one's weight once for all.
 */
#ifndef KERNEL_SCHED_SEAT_H
#define KERNEL_SCHED_SEAT_H

#include "kernel/sched/share_queue.h"

struct seat {
    struct leftist_node place; /* by turn, or by virtual_time */
    uint64_t virtual_time;     /* by its CPU's clock */
    uint64_t elsewhere;        /* what it was charged for other places, since it ran here */
    struct share *share;
};

/* It has these from now on, SHARE_CPUS of them, zeroed; its places are what they were. */
void seats_open(struct share_queue *queue, struct share *share, struct seat *seats);
/* It has none any more, and may run anywhere. Before it ends that is for who is ahead of no floor at them: else others would not
 * have their due there. */
void seats_close(struct share_queue *queue, struct share *share);
bool seats_are_paid(const struct share_queue *queue, struct share *share);
/* Where threads of it are ready that wait to be chosen: anywhere, and at the CPUs that `cpus` has bits for; and where threads that
 * are ready or run might run, SHARE_ANYWHERE and those CPUs included. It has seats. */
void seats_place(struct share_queue *queue, struct share *share, bool anywhere, uint32_t cpus,
                 uint32_t in_use);
/* The first at that CPU of those with that standing, instead of whoever was chosen; those who may run anywhere have had their turn.
 * NULL: there is none. */
struct share *seats_choose_first(struct share_queue *queue, uint32_t cpu,
                                 enum share_standing standing);
static inline bool seats_stand_at(const struct share_queue *queue, uint32_t cpu) {
    return queue->seats[cpu].reserved || queue->seats[cpu].weighted;
}

/* ---- For share_queue.c ---- */

/* Its seats that stand enter their trees, by its standing, or leave them, or have new keys. */
void seats_enter(struct share_queue *queue, struct share *share);
void seats_leave(struct share_queue *queue, struct share *share);
void seats_change(struct share_queue *queue, struct share *share);
/* It was away or held, and waits for the CPU now. */
void seats_wake(const struct share_queue *queue, struct share *share);
/* The tenant's virtual time, which was `before`, has been charged: that goes to the place where it belongs, and to all who may run
 * anywhere. A thread of it ran on `cpu`, chosen for that place; or others worked for it there, place == 0. */
void seats_charge(struct share_queue *queue, struct share *share, uint64_t before, uint32_t cpu,
                  uint32_t place);
/* NULL: one of those who may run anywhere goes first, or nobody may run. */
struct share *seats_choose(struct share_queue *queue, uint32_t cpu);
/* Of those who may run anywhere one is ready, the first by weight. */
void seats_welcome_common(struct share_queue *queue);
/* Would it, by weight, go before the one that was chosen for that CPU, or with it? One of them has a seat there. */
bool seats_precede(const struct share_queue *queue, struct share *share, const struct share *chosen,
                   uint32_t cpu);

#endif
