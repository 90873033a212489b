// SPDX-License-Identifier: MIT
/*
 * runner driver NAME TENANT…
 * runner manager NAME TENANT…
 *
 * Starts /workload (for a network card's driver /talk) in each tenant, then has all faults of /boot/faults happen to the driver, or to the manager of the
 * tenant NAME. What it prints:
 *
 *   tenant|NAME|LINE      what a workload says (tests/faults/workload/main.c)
 *   begin|NUMBER          so that whoever finds no more lines knows with which fault the machine went
 *   fault|NUMBER|VERDICT|FAILURES|INJECTED|MET|FAILED|RECOVERED|REPLAYED|CAUSE     times in ns since boot
 *   done                  all faults were tried, and all workloads have ended
 */
#include "tests/faults/runner/runner.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define TABLE "/boot/faults"
#define WITNESS_PAUSE                                                                              \
    "250000" /* so that neighbours leave time to a manager, or a console, and its restarts */

static struct {
    uint32_t domain, number;
    bool (*trial)(struct fault *);
    bool (*fresh)(struct fault_order *);
} target;

void sleep_microseconds(uint32_t microseconds) {
    const struct timespec time = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
    nanosleep(&time, NULL);
}

uint64_t time_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static bool run(void) {
    struct fault fault;
    bool good = true;
    for (enum table_line line; good && (line = table_next(&fault)) != TABLE_END;) {
        fault.order.domain = target.domain;
        fault.order.number = target.number;
        good = line == TABLE_FRESH ? target.fresh(&fault.order) : target.trial(&fault);
    }
    return good;
}

static bool choose_driver(const char *name, uint32_t *class) {
    struct driver_status status;
    if (!control_find_driver(name, &status))
        return false;
    target.domain = FAULT_IN_DRIVER;
    target.number = status.driver;
    target.trial = trial_of_driver;
    target.fresh = fresh_driver;
    *class = status.class;
    return true;
}

static bool choose_manager(const char *name) {
    struct tenant_status status;
    if (!control_find_tenant(name, &status))
        return false;
    victim_choose(name);
    target.domain = FAULT_IN_TENANT;
    target.number = status.tenant;
    target.trial = trial_of_manager;
    target.fresh = fresh_manager;
    return true;
}

int main(int count, char **words) {
    uint32_t class = DEVICE_BLOCK;
    bool is_driver = count > 3 && strcmp(words[1], "driver") == 0;
    if (count < 4 || control_connect() < 0 ||
        !(is_driver ? choose_driver(words[2], &class) : choose_manager(words[2]))) {
        fprintf(stderr, "runner: no such driver or tenant\n");
        return 1;
    }
    uint32_t pause = table_open(TABLE);
    bool is_console = class == DEVICE_CONSOLE;
    if (!tenants_start(class == DEVICE_NETWORK ? "/talk" : "/workload",
                       (const char *const *)words + 3, (uint32_t)count - 3,
                       is_driver && !is_console ? "0" : WITNESS_PAUSE))
        return 1;
    if (is_console)
        console_start();
    if (!is_driver)
        victim_start();
    sleep_microseconds(pause * 1000);
    bool good = run();
    victim_end();
    if (is_console)
        console_stop();
    if (good) {
        tenants_stop();
        puts("done");
    }
    return good ? 0 : 1;
}
