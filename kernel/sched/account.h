// SPDX-License-Identifier: MIT
/*
 * A CPU's time, and who pays for it.
 *
 *   cpu->accounted   up to here a tenant, or a driver, was charged for it
 *   cpu->counted     up to here it is the current thread's own: the next thread of its tenant may begin before the tenant is
 *                    charged (hand_over() in scheduler.c)
 *
 * A tenant pays for its threads, for the driver that serves it, and for the pass that it caused.
 */
#ifndef KERNEL_SCHED_ACCOUNT_H
#define KERNEL_SCHED_ACCOUNT_H

#include "kernel/sched/thread.h"

#include <stdint.h>

struct cpu;

/* From here on, nobody has had any of the time. Times are in nanoseconds since boot. */
void account_begin(struct cpu *cpu, uint64_t now);
/* The time since the last account is the thread's own. One that has blocked has a new slice when it wakes. */
void account_count(struct cpu *cpu, struct thread *thread, uint64_t now);
/* Charges what `cpu` runs and its payer, or if there is none the cause of its pass; then it begins anew. */
void account_charge(struct cpu *cpu, uint64_t now);

#endif
