// SPDX-License-Identifier: MIT
/*
 * Timers of processes: the three of setitimer, and those of timer_create. All that are armed are on
 * one list in order of their next look; one thread of the manager sleeps until the first of them.
 *
 * A timer of timer_create has one signal pending at most. What expires until that is taken is counted, and told with it:
 *
 *   expiry ──> no signal of it pending: one is sent
 *           └─ else, or it could not be sent: missed++ ──the signal is taken──> its overrun; missed = 0
 *
 * A timer on a CPU-time clock is looked at when it could expire at the earliest (if the process ran
 * all the time), and again for what is left then.
 */
#ifndef DOMAINS_LINUX_TIME_TIMER_H
#define DOMAINS_LINUX_TIME_TIMER_H

#include "domains/linux/process/process.h"

/* Body of the timer thread; the lock is held and stays so except while it sleeps. */
_Noreturn void timer_service(void);

void timers_free(struct process *process); /* at its end */
void timers_exec(struct process *process); /* those of timer_create go, the three stay */
/* A signal of a timer is taken, and told how many more there would have been. */
void timer_signal_taken(struct process *process, struct signal_information *information);
/* The wall clock has been set forward by `step` nanoseconds, or back. */
void timers_follow(int64_t step);

#endif
