// SPDX-License-Identifier: MIT
/*
 * Which of the drivers that are ready goes before a tenant.
 *
 * A driver works for who waits for it, and so goes before a tenant only if one of them would. One that nobody waits for goes
 * first when its patience ends (kernel/domain/driver_budget.c), and one on whose interrupt line another driver waits, or whose
 * device does not wait itself, at once. All of it is guarded by the core lock.
 */
#ifndef KERNEL_SCHED_DRIVER_CHOICE_H
#define KERNEL_SCHED_DRIVER_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

struct driver;
struct tenant;
struct thread;

/* One became ready: what was found of those that were does not hold for it. */
void driver_choice_is_open(void);
/* The thread of the first one that goes before `tenant` (NULL: before nobody) and has something left to run on; NULL if there
 * is none. `alarm` comes forward to when the answer may change. */
struct thread *driver_choice(const struct tenant *tenant, uint32_t cpu, uint64_t now,
                             uint64_t *alarm);
bool driver_precedes(const struct driver *driver, const struct tenant *tenant, uint32_t cpu,
                     uint64_t now);
/* Its device has something that nobody in particular waits for, and `tenant`, which has reserved time, need not stop for that
 * before driver_compare_again(). */
bool driver_can_wait(const struct driver *driver, const struct tenant *tenant, uint64_t now);
/* When a driver with work that goes before nobody may go before somebody. */
uint64_t driver_compare_again(const struct driver *driver, uint64_t now);

#endif
