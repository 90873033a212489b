// SPDX-License-Identifier: MIT
/*
 * For the test that preempts everywhere (make DEFINES=-DTEST_PREEMPT): each time the core is left into the first
 * tenant after the operator, the alarm is set to ring a few instructions ahead, as many as a generator with a
 * fixed seed says, until it has rung before every instruction that runs there. The thread that was hit loses
 * its turn. Where the alarm hit is kept in bit maps, and told on the debug port at power-off, so that the test
 * knows that nothing was left out.
 *
 * For the test that sends an NMI everywhere (make DEFINES=-DTEST_NMI): the second CPU never joins. It sends NMIs to the
 * first one for ever, a random time apart, and where they hit is kept and told in the same way. They interrupt the
 * core itself, and must only count.
 *
 * In every other build these are nothing.
 */
#ifndef KERNEL_SCHED_SWEEP_H
#define KERNEL_SCHED_SWEEP_H

#include <stdint.h>

struct thread;

#if TEST_NMI
_Noreturn void sweep_storm(void); /* the second CPU, which can send and does nothing else */
void sweep_nmi(uint32_t address); /* one came before this instruction */
#else
static inline void sweep_storm(void) {}
static inline void sweep_nmi(uint32_t address) {
    (void)address;
}
#endif

#if TEST_PREEMPT || TEST_NMI
void sweep_report(void);
#else
static inline void sweep_report(void) {}
#endif

#if TEST_PREEMPT
void sweep_arm(const struct thread *thread); /* the core is about to be left into it */
void sweep_hit(uint32_t address);            /* the alarm rang before this instruction */
#else
static inline void sweep_arm(const struct thread *thread) {
    (void)thread;
}
static inline void sweep_hit(uint32_t address) {
    (void)address;
}
#endif

#endif
