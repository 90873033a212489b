// SPDX-License-Identifier: MIT
/*
 * Many may be due at once. One pass wakes so many that it stays short; the alarm is then set for a moment
 * that has passed, so it rings as soon as interrupts are let in, and brings the next pass.
 */
#include "kernel/sched/timeout.h"

#include "kernel/abi/driver.h"
#include "kernel/abi/gate.h"

#include <stddef.h>

#define WAKES_A_PASS 16u
#define LATEST       (1ull << 62) /* in 146 years; later is never, and keys of a tree lie close enough */

static struct leftist_node *first;

void timeout_add(struct thread *thread, uint64_t deadline) {
    if (deadline < LATEST)
        leftist_add(&first, &thread->deadline, deadline);
}

void timeout_remove(struct thread *thread) {
    if (thread->deadline.distance != 0)
        leftist_remove(&first, &thread->deadline);
}

uint64_t timeout_next(void) {
    return first ? first->key : DEADLINE_NEVER;
}

void timeout_expire(uint64_t now) {
    for (uint32_t woken = 0; woken < WAKES_A_PASS && timeout_next() <= now; woken++) {
        struct thread *thread = CONTAINER_OF(first, struct thread, deadline);

        if (thread->driver)
            thread_wake(thread, STATUS_OK, EVENT_TIMER);
        else
            thread_wake(thread, STATUS_TIMED_OUT, 0);
    }
}
