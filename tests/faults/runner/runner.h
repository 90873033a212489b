// SPDX-License-Identifier: MIT
/*
 * The runner: a program in the operator's tenant that injects one fault after the other into a driver, while the
 * workloads of all tenants go on, and says what became of each.
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
uint32_t
table_open(const char *path); /* milliseconds in which the workload runs undisturbed first */
enum table_line table_next(struct fault *fault);

/* trial.c. false: the driver has not come back, or the core refuses. */
bool trial(struct fault *fault);
bool start_afresh(struct fault_order *like);

/* tenants.c: the workloads. What they print goes on with their tenant's name before it. */
bool tenants_start(const char *const names[], uint32_t count); /* false: one has ended at once */
void tenants_relay(void);
void tenants_stop(void); /* and waits for their last words */

/* console.c: lines to /dev/console without end, for whoever has faults in the console's driver. */
void console_start(void);
void console_stop(void);

void sleep_microseconds(uint32_t microseconds);
uint64_t time_now(void); /* nanoseconds */

#endif
