// SPDX-License-Identifier: MIT
/*
 * runner DRIVER TENANT…
 *
 * Starts /workload in each tenant, then has all faults of /boot/faults happen to the driver. What it prints:
 *
 *   tenant|NAME|LINE      what a workload says (tests/faults/workload/main.c)
 *   begin|NUMBER          so that whoever finds no more lines knows with which fault the machine went
 *   fault|NUMBER|VERDICT|FAILURES|INJECTED|MET|FAILED|RECOVERED|REPLAYED|CAUSE     times in ns since boot
 *   done                  all faults were tried, and all workloads have ended
 */
#include "tests/faults/runner/runner.h"

#include <stdio.h>
#include <time.h>

#define TABLE "/boot/faults"

void sleep_microseconds(uint32_t microseconds) {
    const struct timespec time = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
    nanosleep(&time, NULL);
}

uint64_t time_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static bool run(uint32_t driver) {
    struct fault fault;
    bool good = true;
    for (enum table_line line; good && (line = table_next(&fault)) != TABLE_END;) {
        fault.order.domain = FAULT_IN_DRIVER;
        fault.order.number = driver;
        good = line == TABLE_FRESH ? start_afresh(&fault.order) : trial(&fault);
    }
    return good;
}

int main(int count, char **words) {
    struct driver_status status;
    if (count < 3 || control_connect() < 0 || !control_find_driver(words[1], &status)) {
        fprintf(stderr, "runner: no driver\n");
        return 1;
    }
    uint32_t pause = table_open(TABLE);
    if (!tenants_start((const char *const *)words + 2, (uint32_t)count - 2))
        return 1;
    if (status.class == DEVICE_CONSOLE)
        console_start();
    sleep_microseconds(pause * 1000);
    bool good = run(status.driver);
    if (status.class == DEVICE_CONSOLE)
        console_stop();
    if (good) {
        tenants_stop();
        puts("done");
    }
    return good ? 0 : 1;
}
