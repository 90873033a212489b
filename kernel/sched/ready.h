// SPDX-License-Identifier: MIT
/*
 * Who is ready: drivers' threads, first come, first served; and tenants, by share, each with a queue of its threads.
 *
 * A tenant is in the queue while one of its threads is ready or runs, also at its cap. One whose threads all run may still be
 * there: whoever comes upon it takes it out. All of it is guarded by the core lock.
 *
 * Of a tenant with placed threads (placement.h) it is exact where it stands: anywhere while a thread without a placement is ready,
 * and at the CPUs that a placed one waits for. It is in the queue, but nowhere, while all of its threads run.
 */
#ifndef KERNEL_SCHED_READY_H
#define KERNEL_SCHED_READY_H

#include "kernel/sched/share_queue.h"
#include "kernel/sched/thread_queue.h"

extern struct ready {
    struct thread_queue drivers;
    struct share_queue tenants;
} ready;

enum ready_place { READY_LAST, READY_FIRST }; /* of its tenant's threads, or of the drivers */

/* From `now` on; not if its tenant is about to end. */
void ready_add(struct thread *thread, enum ready_place where, uint64_t now);
void ready_remove(struct thread *thread);
bool ready_has(const struct thread *thread);
/* While its placement changes: out of its queues, if it is ready, which is answered; and into those that are right now. */
bool ready_leave(struct thread *thread);
void ready_return(struct thread *thread, uint64_t now);
/* One of its threads is not ready any more, or does not run. */
void ready_look_at(struct tenant *tenant);
/* It ends: none of its threads is ready any more, and none runs. */
void ready_forget(struct tenant *tenant);
/* One of its threads is about to have a placement: it has seating, until a while after none has one any more. False: no memory. */
bool ready_open_seats(struct tenant *tenant);
/* The tenant that is next on that CPU; NULL: none may run there. */
struct tenant *ready_best_tenant(uint32_t cpu, uint64_t now);
/* Instead of that one the first of its standing that has a placed thread for this CPU; NULL: there is none. */
struct tenant *ready_seated_tenant(uint32_t cpu, const struct tenant *best);
/* The next of its threads there; one is ready that may run there. */
struct thread *ready_next_thread(const struct tenant *tenant, uint32_t cpu, uint64_t now);

#endif
