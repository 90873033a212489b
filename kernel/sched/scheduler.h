// SPDX-License-Identifier: MIT
/*
 * Who runs next. Drivers with work come first (each activation has a budget), then tenants by reservation,
 * weight and cap (kernel/sched/share.h), then a thread within the tenant.
 */
#ifndef KERNEL_SCHED_SCHEDULER_H
#define KERNEL_SCHED_SCHEDULER_H

#include "kernel/gate/gate.h"
#include "kernel/sched/thread.h"

/* For gate handlers: the current thread blocks (then return GATE_SWITCH). */
void scheduler_block_current(uint32_t wait_word, uint64_t deadline);
/* The choice is made anew at the exit of this entry. */
void scheduler_request(void);
/* The same, for an interrupt: the current thread has no part in it. */
void scheduler_interrupted(void);
bool scheduler_is_requested(void);
/* Takes the request back, for who found none before: the current thread is about to wait, and whoever was made ready
 * runs then, or when anything else asks for a choice. */
void scheduler_put_off(void);
bool scheduler_has_put_off(void); /* is anybody ready that no choice has seen? */
/* The same as scheduler_request(), and the current thread gives up the rest of its slice. */
void scheduler_yield(void);
void scheduler_ready(struct thread *thread);
void scheduler_remove(struct thread *thread); /* from every queue; it may run, here or elsewhere */
/* All threads of the tenant that run on other CPUs have come into the core (kernel/cpu/remote.h). */
void scheduler_call_in(const struct tenant *tenant);
/* It comes into the core soon, if it runs. */
void scheduler_interrupt(struct thread *thread);
/* None of its threads runs again: in a few steps, however many there are. Its state is not TENANT_RUNNING any
 * more, and its threads may be running. */
void scheduler_stop_tenant(struct tenant *tenant);
/* Its placement was set. */
void scheduler_placement_changed(const struct thread *thread);
/* Its reservation, weight or cap was set. */
void scheduler_share_changed(struct tenant *tenant);
/* Leaves the core into the best thread. Everything on the core stack is forgotten. */
_Noreturn void scheduler_run(void);
/* Charges the time since the last call to the current thread and its tenant (or the tenant that the current
 * driver serves), and answers the time; to those of all CPUs. */
uint64_t scheduler_account(void);
void scheduler_account_all(void);

#endif
