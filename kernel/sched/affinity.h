// SPDX-License-Identifier: MIT
/*
 * Which CPUs a thread may run on.
 *
 *   everywhere (at first) <──affinity_set──> confined, to some of the CPUs that there are, at least one
 *
 * A confined thread runs on no other CPU from the moment that the call returns. Whoever never confines a thread pays nothing
 * for those who do. What must hold: tenant->confined is how many of its threads have a struct confinement.
 */
#ifndef KERNEL_SCHED_AFFINITY_H
#define KERNEL_SCHED_AFFINITY_H

#include "kernel/sched/thread.h"

#include "kernel/abi/status.h"

/* May run on the CPUs that `wanted` has bits for, of those that there are. BAD_ARGUMENT: on none; NO_MEMORY; both: it is as it
 * was. The thread is a tenant's, and new, ready, running or blocked. */
enum status affinity_set(struct thread *thread, uint32_t wanted);
/* It ends: it is in no queue any more. */
void affinity_end(struct thread *thread);

static inline bool affinity_allows(const struct thread *thread, uint32_t cpu) {
    return thread->confinement == NULL || (thread->cpus & 1u << cpu);
}

#endif
