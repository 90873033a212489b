// SPDX-License-Identifier: MIT
/*
 * For the test that preempts everywhere (make DEFINES=-DTEST_PREEMPT): each time the core is left into the first
 * tenant after the operator, the alarm is set to ring a few instructions ahead, as many as a generator with a
 * fixed seed says, until it has rung before every instruction that runs there. The thread that was hit loses
 * its turn. Where the alarm hit is kept in bit maps, and told on the debug port at power-off, so that the test
 * knows that nothing was left out.
 *
 * In every other build these are nothing.
 */
#ifndef KERNEL_SCHED_SWEEP_H
#define KERNEL_SCHED_SWEEP_H

#include <stdint.h>

struct thread;

#if TEST_PREEMPT
void sweep_arm(const struct thread *thread); /* the core is about to be left into it */
void sweep_hit(uint32_t address);            /* the alarm rang before this instruction */
void sweep_report(void);
#else
static inline void sweep_arm(const struct thread *thread) {
    (void)thread;
}
static inline void sweep_hit(uint32_t address) {
    (void)address;
}
static inline void sweep_report(void) {}
#endif

#endif
