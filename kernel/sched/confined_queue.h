// SPDX-License-Identifier: MIT
/*
 * Threads that are ready and may run on some CPUs only: a queue for each CPU, and a thread stands in those of all CPUs that
 * it may run on. So each CPU finds its first one at once, and adding or taking out one costs a step for each of its CPUs,
 * however many wait and whatever their masks are. Pure logic.
 *
 *   CPU 0   A ── C ── D
 *   CPU 1   B ── C             C may run on both; who takes it takes it out of both
 */
#ifndef KERNEL_SCHED_CONFINED_QUEUE_H
#define KERNEL_SCHED_CONFINED_QUEUE_H

#include "kernel/sched/thread_queue.h"

/* `queues` has CPU_MAX of them, zeroed: nobody. */
void confined_append(struct thread_queue *queues, struct thread *thread);
void confined_prepend(struct thread_queue *queues, struct thread *thread);
void confined_remove(struct thread_queue *queues, struct thread *thread);
bool confined_has(const struct thread_queue *queues, const struct thread *thread);
/* A bit for each CPU that one of them may run on. */
uint32_t confined_cpus(const struct thread_queue *queues);

#endif
