// SPDX-License-Identifier: MIT
/*
 * Threads that sleep with a deadline, in order of it (kernel/sched/deadline.h).
 */
#ifndef KERNEL_SCHED_TIMEOUT_H
#define KERNEL_SCHED_TIMEOUT_H

#include "kernel/sched/thread.h"

void timeout_add(struct thread *thread, uint64_t deadline); /* not if DEADLINE_NEVER */
void timeout_remove(struct thread *thread);                 /* no matter whether it is there */
uint64_t timeout_next(void);                                /* DEADLINE_NEVER if nobody waits */
/* Wakes those whose deadline has passed, the earliest first, a bounded number of them: STATUS_TIMED_OUT for
 * tenants, EVENT_TIMER for drivers. While more are left, timeout_next() lies in the past. */
void timeout_expire(uint64_t now);

#endif
