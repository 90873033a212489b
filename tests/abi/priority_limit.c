// SPDX-License-Identifier: MIT
/*
 * RLIMIT_RTPRIO and RLIMIT_NICE: how far one may go without being root, by sched(7), sched_setscheduler(2) and setpriority(2). In
 * tenants alone, for root may raise limits there in any case; in a container it often may not.
 */
#include "tests/abi/check.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define SCHED_IDLE_POLICY 5

static int become(int policy, int priority) {
    return (int)syscall(SYS_sched_setscheduler, 0, policy, &priority);
}

static void as_somebody(int resource, rlim_t current, rlim_t most) {
    CHECK(setrlimit(resource, &(struct rlimit){current, most}) == 0);
    CHECK(setuid(1000) == 0);
}

static void up_to_the_limit(void) {
    as_somebody(RLIMIT_RTPRIO, 10, 20);
    CHECK(fails_with(become(SCHED_FIFO, 11), EPERM));
    CHECK(become(SCHED_FIFO, 10) == 0);
    CHECK(become(SCHED_RR, 9) == 0 && become(SCHED_RR, 10) == 0);
    CHECK(become(SCHED_OTHER, 0) == 0 && become(SCHED_RR, 1) == 0);
    CHECK(setrlimit(RLIMIT_RTPRIO, &(struct rlimit){20, 20}) == 0);
    CHECK(become(SCHED_FIFO, 20) == 0 && fails_with(become(SCHED_FIFO, 21), EPERM));
    CHECK(fails_with(setrlimit(RLIMIT_RTPRIO, &(struct rlimit){21, 21}), EPERM));
    exit(checks_failed != 0);
}

/* Who is above the limit stays there, or goes down. */
static void below_what_one_has(void) {
    CHECK(become(SCHED_FIFO, 50) == 0);
    as_somebody(RLIMIT_RTPRIO, 0, 0);
    CHECK(become(SCHED_FIFO, 50) == 0 && become(SCHED_FIFO, 49) == 0);
    CHECK(fails_with(become(SCHED_FIFO, 50), EPERM));
    CHECK(fails_with(become(SCHED_RR, 1), EPERM));
    CHECK(become(SCHED_OTHER, 0) == 0);
    CHECK(fails_with(become(SCHED_FIFO, 1), EPERM));
    exit(checks_failed != 0);
}

/* 20 less the nice value is what the limit is compared with. */
static void nice_values(void) {
    as_somebody(RLIMIT_NICE, 22, 22);
    CHECK(setpriority(PRIO_PROCESS, 0, -2) == 0 && getpriority(PRIO_PROCESS, 0) == -2);
    CHECK(fails_with(setpriority(PRIO_PROCESS, 0, -3), EACCES));
    CHECK(setpriority(PRIO_PROCESS, 0, 10) == 0 && setpriority(PRIO_PROCESS, 0, 0) == 0);
    CHECK(become(SCHED_IDLE_POLICY, 0) == 0 && become(SCHED_OTHER, 0) == 0);
    exit(checks_failed != 0);
}

static void idle_for_good(void) {
    as_somebody(RLIMIT_NICE, 19, 19);
    CHECK(become(SCHED_IDLE_POLICY, 0) == 0);
    CHECK(fails_with(become(SCHED_OTHER, 0), EPERM));
    CHECK(setpriority(PRIO_PROCESS, 0, 1) == 0 && become(SCHED_OTHER, 0) == 0);
    exit(checks_failed != 0);
}

int main(void) {
    CHECK(status_of(up_to_the_limit) == 0);
    CHECK(status_of(below_what_one_has) == 0);
    CHECK(status_of(nice_values) == 0);
    CHECK(status_of(idle_for_good) == 0);
    return verdict();
}
