// SPDX-License-Identifier: MIT
/*
 * See confined_queue.h. A thread's links are in its struct confinement, a pair for each CPU.
 */
#include "kernel/sched/confined_queue.h"

#include <stddef.h>

static uint32_t lowest_bit(uint32_t bits) {
    return (uint32_t)__builtin_ctz(bits);
}

void confined_append(struct thread_queue *queues, struct thread *thread) {
    for (uint32_t cpus = thread->cpus; cpus; cpus &= cpus - 1) {
        uint32_t cpu = lowest_bit(cpus);
        struct thread *last = queues[cpu].last;

        thread->confinement->links[cpu] = (struct confined_links){NULL, last};
        *(last ? &last->confinement->links[cpu].next : &queues[cpu].first) = thread;
        queues[cpu].last = thread;
    }
}

void confined_prepend(struct thread_queue *queues, struct thread *thread) {
    for (uint32_t cpus = thread->cpus; cpus; cpus &= cpus - 1) {
        uint32_t cpu = lowest_bit(cpus);
        struct thread *first = queues[cpu].first;

        thread->confinement->links[cpu] = (struct confined_links){first, NULL};
        *(first ? &first->confinement->links[cpu].previous : &queues[cpu].last) = thread;
        queues[cpu].first = thread;
    }
}

void confined_remove(struct thread_queue *queues, struct thread *thread) {
    for (uint32_t cpus = thread->cpus; cpus; cpus &= cpus - 1) {
        uint32_t cpu = lowest_bit(cpus);
        struct confined_links *links = &thread->confinement->links[cpu];

        *(links->previous ? &links->previous->confinement->links[cpu].next : &queues[cpu].first) =
            links->next;
        *(links->next ? &links->next->confinement->links[cpu].previous : &queues[cpu].last) =
            links->previous;
        *links = (struct confined_links){NULL, NULL};
    }
}

/* It is in all queues of its CPUs or in none. */
bool confined_has(const struct thread_queue *queues, const struct thread *thread) {
    uint32_t cpu = lowest_bit(thread->cpus);

    return thread->confinement->links[cpu].previous || queues[cpu].first == thread;
}

uint32_t confined_cpus(const struct thread_queue *queues) {
    uint32_t cpus = 0;

    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu++)
        if (queues[cpu].first)
            cpus |= 1u << cpu;
    return cpus;
}
