// SPDX-License-Identifier: MIT
/*
 * What one CPU needs of another: all under the core lock, except for the answer.
 *
 *   CPU A, with the lock                         CPU B, in an outer ring
 *   asks, sends an interrupt, waits   ────────>  enters the core, finds the lock taken, waits for it:
 *                                     <────────  loads its views anew, says so
 *   changes what B had loaded, or takes B's thread away
 *   drops the lock                    ────────>  has the lock, and looks at what it runs
 *
 * So B never waits in an outer ring, and A waits for no longer than an interrupt takes: outer rings cannot turn
 * interrupts off, and the core does so only while it runs or waits for the lock.
 *
 * A CPU without a current thread is in the core already, or comes back into it through core_lock_take(): it
 * is asked, and not waited for.
 */
#ifndef KERNEL_CPU_REMOTE_H
#define KERNEL_CPU_REMOTE_H

#include "kernel/cpu/cpu.h"

/* Until the lock is dropped `cpu` runs nothing outside the core, and remembers no translation from before. It may
 * be the running one: then nothing is to be done. */
void remote_call_in(struct cpu *cpu);
/* It loads its views anew before it leaves the core again. Not for the running one, nor for one that may be in an
 * outer ring with a thread that must not go on: that one is called in first. */
void remote_ask_reload(struct cpu *cpu);
/* It comes into the core soon, and chooses anew what to run. */
void remote_kick(struct cpu *cpu);
/* Both of it, for all others: no translation of the core's own addresses is remembered anywhere. */
void remote_forget_all(void);

/* The running CPU's answer to whoever asked it. */
static inline void remote_answer(void) {
    extern void remote_reload(void);

    if (__atomic_load_n(&this_cpu()->asked, __ATOMIC_ACQUIRE))
        remote_reload();
}

/* The machine stops: no other CPU does anything more. From panic(), whoever has the lock. */
void remote_stop_all(void);
/* For the trap dispatcher, at an NMI: does not return once the machine has stopped. */
void remote_look_at_stop(void);

#endif
