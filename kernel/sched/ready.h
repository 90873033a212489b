// SPDX-License-Identifier: MIT
/*
 * Who is ready: drivers' threads, first come, first served; and tenants, by share, each with a queue of its threads.
 *
 * A tenant is in the queue while one of its threads is ready or runs, also at its cap. One whose threads all run may still be
 * there: whoever comes upon it takes it out. All of it is guarded by the core lock.
 */
#ifndef KERNEL_SCHED_READY_H
#define KERNEL_SCHED_READY_H

#include "kernel/sched/share_queue.h"
#include "kernel/sched/thread_queue.h"

extern struct ready {
    struct thread_queue drivers;
    struct share_queue tenants;
} ready;

/* thread_queue_append() or _prepend(). */
typedef void ready_insert(struct thread_queue *queue, struct thread *thread);

/* From `now` on; not if its tenant is about to end. */
void ready_add(struct thread *thread, ready_insert *insert, uint64_t now);
void ready_remove(struct thread *thread);
bool ready_has(const struct thread *thread);
/* One of its threads is not ready any more, or does not run. */
void ready_look_at(struct tenant *tenant);
/* NULL: none may run. */
struct tenant *ready_best_tenant(uint64_t now);

#endif
