// SPDX-License-Identifier: MIT
/*
 * Threads of a tenant that are ready and have a placement: they may run on some CPUs only, or go before others by priority. A
 * thread stands at all CPUs that it may run on, so each finds its first one at once, however many wait. Pure logic.
 *
 *            real_time                      ordinary
 *   CPU 0    A (50) ─ B (50) ─ C (1)        D ─ F            the greatest priority first, then who has waited longest
 *   CPU 1    A (50) ─ C (1)                 E ─ F            F may run on both; who takes it takes it out of both
 *
 * Threads without a placement stand elsewhere, in one queue; with the ordinary ones they take turns by how long they have waited.
 * Real time goes first, but leaves the others of its tenant REAL_TIME_MOST of a second, as on Linux: who loops there can be stopped.
 */
#ifndef KERNEL_SCHED_PLACED_QUEUE_H
#define KERNEL_SCHED_PLACED_QUEUE_H

#include "kernel/sched/seat.h"
#include "kernel/sched/thread.h"

#define REAL_TIME_SECOND 1000000000ull
#define REAL_TIME_MOST   950000000u

struct placed_queue { /* of one CPU */
    struct leftist_node *real_time, *ordinary;
    uint64_t second;         /* when the one began in which */
    uint32_t real_time_used; /* was used so much by real time, in nanoseconds */
};

/* What a tenant with such threads has; zeroed: none is ready. */
struct seating {
    struct placed_queue queues[CPU_MAX];
    struct seat seats[SHARE_CPUS];
};

/* By ready_since. */
void placed_add(struct seating *seating, struct thread *thread);
void placed_remove(struct seating *seating, struct thread *thread);
bool placed_has(const struct thread *thread);
/* A bit for each CPU that one of them may run on. */
uint32_t placed_cpus(const struct seating *seating);
/* The next thread on that CPU, of these and the first of those without a placement (NULL: there is none). NULL: none. */
struct thread *placed_next(const struct seating *seating, uint32_t cpu, struct thread *first,
                           uint64_t now);
/* A thread with that priority ran there for so long until `now`. */
void placed_ran(struct seating *seating, uint32_t cpu, uint64_t now, uint64_t nanoseconds);
static inline uint32_t thread_priority(const struct thread *thread) {
    return thread->placement ? thread->placement->priority : 0;
}

#endif
