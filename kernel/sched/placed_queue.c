// SPDX-License-Identifier: MIT
/*
 * See placed_queue.h. Keys of `ordinary` are times; of `real_time` too, below what is missing of the greatest priority.
 */
#include "kernel/sched/placed_queue.h"

#include "kernel/sched/deadline.h"

#include <stddef.h>

#define PRIORITY_SHIFT 56 /* a time is less than two years */

static uint64_t key_of(const struct thread *thread) {
    uint32_t priority = thread_priority(thread);

    if (priority == 0)
        return thread->ready_since;
    return (uint64_t)(THREAD_PRIORITY_MOST - priority) << PRIORITY_SHIFT | thread->ready_since;
}

static struct leftist_node **tree(struct placed_queue *queue, const struct thread *thread) {
    return thread_priority(thread) > 0 ? &queue->real_time : &queue->ordinary;
}

void placed_add(struct seating *seating, struct thread *thread) {
    for (uint32_t cpus = thread->placement->cpus; cpus; cpus &= cpus - 1) {
        uint32_t cpu = share_first(cpus);

        leftist_add(tree(&seating->queues[cpu], thread), &thread->placement->by_turn[cpu],
                    key_of(thread));
    }
}

void placed_remove(struct seating *seating, struct thread *thread) {
    for (uint32_t cpus = thread->placement->cpus; cpus; cpus &= cpus - 1) {
        uint32_t cpu = share_first(cpus);

        leftist_remove(tree(&seating->queues[cpu], thread), &thread->placement->by_turn[cpu]);
    }
}

bool placed_has(const struct thread *thread) {
    return thread->placement->by_turn[share_first(thread->placement->cpus)].distance != 0;
}

uint32_t placed_cpus(const struct seating *seating) {
    uint32_t cpus = 0;

    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu++)
        if (seating->queues[cpu].real_time || seating->queues[cpu].ordinary)
            cpus |= 1u << cpu;
    return cpus;
}

static struct thread *first_of(const struct leftist_node *root, uint32_t cpu) {
    return root ? CONTAINER_OF(root - cpu, struct placement, by_turn)->thread : NULL;
}

static bool is_used_up(const struct placed_queue *queue, uint64_t now) {
    return queue->real_time_used >= REAL_TIME_MOST && now - queue->second < REAL_TIME_SECOND;
}

struct thread *placed_next(const struct seating *seating, uint32_t cpu, struct thread *first,
                           uint64_t now) {
    const struct placed_queue *queue = &seating->queues[cpu];
    struct thread *real_time = first_of(queue->real_time, cpu),
                  *ordinary = first_of(queue->ordinary, cpu);

    if (ordinary == NULL || (first && first->ready_since <= ordinary->ready_since))
        ordinary = first;
    if (real_time == NULL || (ordinary && is_used_up(queue, now)))
        return ordinary;
    return real_time;
}

void placed_ran(struct seating *seating, uint32_t cpu, uint64_t now, uint64_t nanoseconds) {
    struct placed_queue *queue = &seating->queues[cpu];

    if (now - queue->second >= REAL_TIME_SECOND) {
        queue->second = now;
        queue->real_time_used = 0;
    }
    queue->real_time_used += (uint32_t)earlier(nanoseconds, REAL_TIME_MOST - queue->real_time_used);
}
