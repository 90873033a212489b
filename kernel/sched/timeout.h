// SPDX-License-Identifier: MIT
/*
 * Threads that sleep with a deadline, in order of it.
 */
#ifndef KERNEL_SCHED_TIMEOUT_H
#define KERNEL_SCHED_TIMEOUT_H

#include "kernel/sched/thread.h"

void timeout_add(struct thread *thread);    /* by thread->deadline; not if DEADLINE_NEVER */
void timeout_remove(struct thread *thread); /* no matter whether it is there */
uint64_t timeout_next(void);                /* DEADLINE_NEVER if nobody waits */
/* Wakes everybody whose deadline has passed: STATUS_TIMED_OUT for tenants, EVENT_TIMER for drivers. */
void timeout_expire(uint64_t now);

#endif
