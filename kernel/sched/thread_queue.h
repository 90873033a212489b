// SPDX-License-Identifier: MIT
/*
 * A queue of threads that are ready, linked through the threads. Pure logic.
 */
#ifndef KERNEL_SCHED_THREAD_QUEUE_H
#define KERNEL_SCHED_THREAD_QUEUE_H

#include "kernel/sched/thread.h"

#include <stddef.h>

struct thread_queue { /* zeroed: nobody */
    struct thread *first, *last;
};

static inline void thread_queue_append(struct thread_queue *queue, struct thread *thread) {
    thread->queue_next = NULL;
    thread->queue_previous = queue->last;
    *(queue->last ? &queue->last->queue_next : &queue->first) = thread;
    queue->last = thread;
}

static inline void thread_queue_prepend(struct thread_queue *queue, struct thread *thread) {
    thread->queue_previous = NULL;
    thread->queue_next = queue->first;
    *(queue->first ? &queue->first->queue_previous : &queue->last) = thread;
    queue->first = thread;
}

static inline void thread_queue_remove(struct thread_queue *queue, struct thread *thread) {
    struct thread *next = thread->queue_next, *previous = thread->queue_previous;

    *(previous ? &previous->queue_next : &queue->first) = next;
    *(next ? &next->queue_previous : &queue->last) = previous;
    thread->queue_next = thread->queue_previous = NULL;
}

static inline bool thread_queue_has(const struct thread_queue *queue, const struct thread *thread) {
    return thread->queue_previous || queue->first == thread;
}

#endif
