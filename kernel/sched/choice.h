// SPDX-License-Identifier: MIT
/*
 * Who runs on a CPU, of all that are ready:
 *
 *   drivers with work      first come, first served, while they have something left to run on
 *                          (kernel/domain/driver_budget.c), if one of those who wait for them would go
 *                          before the next tenant
 *   tenants with a thread that is ready and may run there    by share (kernel/sched/share.h)
 *     their threads        by priority; without one, round robin, slices by weight
 *   other drivers with work
 *   nobody
 *
 * What a CPU leaves over it offers: to a CPU that idles, or to one that is busy with something less (enum cpu_duty).
 */
#ifndef KERNEL_SCHED_CHOICE_H
#define KERNEL_SCHED_CHOICE_H

#include "kernel/cpu/cpu.h"
#include "kernel/sched/thread.h"

/* The best thread that is ready and may run on `cpu`, and what that is busy with if it takes it; NULL: none may run. `alarm`
 * comes forward to when the answer may change. */
struct thread *choose_thread(const struct cpu *cpu, uint64_t now, uint64_t *alarm,
                             enum cpu_duty *duty);
/* One of those who wait for the driver would go before the tenant that is next: in a pass, before its choice. */
bool choice_lets_go(const struct driver *driver, uint64_t now);
/* Likewise: no tenant could run on this CPU. */
bool choice_has_no_tenant(uint64_t now);
/* What the running CPU leaves over may be more than what another one is busy with: that one offers the rest. */
void offer_rest(uint64_t now);

#endif
