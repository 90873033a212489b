// SPDX-License-Identifier: MIT
/*
 * One sorted, doubly linked list. Insertion walks from the latest end, where new deadlines usually belong.
 */
#include "kernel/sched/timeout.h"

#include "kernel/abi/driver.h"
#include "kernel/abi/gate.h"

#include <stddef.h>

static struct thread *first, *last;

void timeout_add(struct thread *thread) {
    struct thread *before = last;

    if (thread->deadline == DEADLINE_NEVER)
        return;
    while (before && before->deadline > thread->deadline)
        before = before->timer_previous;
    thread->timer_previous = before;
    thread->timer_next = before ? before->timer_next : first;
    *(before ? &before->timer_next : &first) = thread;
    *(thread->timer_next ? &thread->timer_next->timer_previous : &last) = thread;
    thread->timer_queued = true;
}

void timeout_remove(struct thread *thread) {
    if (!thread->timer_queued)
        return;
    *(thread->timer_previous ? &thread->timer_previous->timer_next : &first) = thread->timer_next;
    *(thread->timer_next ? &thread->timer_next->timer_previous : &last) = thread->timer_previous;
    thread->timer_queued = false;
}

uint64_t timeout_next(void) {
    return first ? first->deadline : DEADLINE_NEVER;
}

void timeout_expire(uint64_t now) {
    while (first && first->deadline <= now) {
        struct thread *thread = first;
        if (thread->driver)
            thread_wake(thread, STATUS_OK, EVENT_TIMER);
        else
            thread_wake(thread, STATUS_TIMED_OUT, 0);
    }
}
