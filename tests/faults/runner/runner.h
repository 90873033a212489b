// SPDX-License-Identifier: MIT
/*
 * The runner: a program in the operator's tenant that injects one fault after the other into a driver or a manager, while
 * the workloads of other tenants go on, and says what became of each.
 */
#ifndef TESTS_FAULTS_RUNNER_H
#define TESTS_FAULTS_RUNNER_H

#include "kernel/abi/fault.h"
#include "userland/lib/control.h"

#include <stdbool.h>
#include <stdint.h>

struct fault {
    uint32_t number;
    struct fault_order order;
};

/* table.c: the faults, from a file that the host has made. */
enum table_line { TABLE_END, TABLE_FRESH /* the domain starts afresh */, TABLE_FAULT };
uint32_t table_open(const char *path); /* milliseconds in which all runs undisturbed first */
enum table_line table_next(struct fault *fault);

/* trial.c, trial_of_manager.c. false: it has not come back, or the core refuses. */
bool trial_of_driver(struct fault *fault);
bool trial_of_manager(struct fault *fault);
bool fresh_driver(struct fault_order *like);
bool fresh_manager(struct fault_order *like);

/* tenants.c: the workloads, with a pause between their calls. What they print goes on with their tenant's name before
 * it. */
bool tenants_start(const char *program, const char *const names[], uint32_t count,
                   const char *pause); /* false: one has ended at once */
void tenants_relay(void);
void tenants_stop(void); /* and waits for their last words */

/* victim.c: the exercise in the tenant whose manager has the faults. */
void victim_choose(const char *name);
void victim_start(void);
void victim_listen(void);
void victim_end(void);
bool victim_runs(void);
uint32_t victim_rounds(void), victim_wrong(void); /* since it was started */

/* console.c: lines to /dev/console without end, for whoever has faults in the console's driver. */
void console_start(void);
void console_stop(void);

void sleep_microseconds(uint32_t microseconds);
uint64_t time_now(void); /* nanoseconds since boot */

#endif
