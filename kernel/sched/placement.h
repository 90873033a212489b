// SPDX-License-Identifier: MIT
/*
 * Which CPUs a thread may run on, and before which others of its tenant it goes.
 *
 *   anywhere, by weight (at first) <──placement_set──> placed: on some of the CPUs that there are, at least one,
 *                                                      or with a priority, or both
 *
 * A placed thread runs on no other CPU from the moment that the call returns. One with a priority goes before all of its tenant's
 * with a lesser one, and before those without; to other tenants it makes no difference. Whoever never places a thread
 * pays nothing for those who do.
 *
 * What must hold: tenant->placed is how many of its threads have a struct placement, and while there are any it has seating, until
 * it ends.
 */
#ifndef KERNEL_SCHED_PLACEMENT_H
#define KERNEL_SCHED_PLACEMENT_H

#include "kernel/sched/thread.h"

#include "kernel/abi/status.h"

/* BAD_ARGUMENT: no CPU is left of `wanted->cpus` (0: all), or the priority is beyond THREAD_PRIORITY_MOST; NO_MEMORY; both: it is
 * as it was. The thread is a tenant's, and new, ready, running or blocked. */
enum status placement_set(struct thread *thread, const struct thread_placement *wanted);
/* It ends: it is in no queue any more. */
void placement_end(struct thread *thread);

static inline bool placement_allows(const struct thread *thread, uint32_t cpu) {
    return thread->placement == NULL || (thread->placement->cpus & 1u << cpu);
}

#endif
