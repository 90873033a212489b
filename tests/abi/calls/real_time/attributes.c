// SPDX-License-Identifier: MIT
// Calls: sched_setattr, sched_getattr, sched_setscheduler
// Needs: real time
/* Class, priority and nice value in one structure: a nice value comes back with the ordinary class. */
#include "tests/abi/calls/attributes.h"
#include "tests/abi/calls/real_time/class.h"

#include <sys/resource.h>

static void show(void) {
    struct attributes now = {0};
    SHOW(syscall(SYS_sched_getattr, 0, &now, FIRST_BYTES, 0));
    printf("policy %u, flags %#llx, nice %d, priority %u\n", now.policy, now.flags, now.nice,
           now.priority);
}

static int set(unsigned policy, unsigned long long flags, int nice, unsigned priority) {
    struct attributes wanted = {
        .bytes = FIRST_BYTES, .policy = policy, .flags = flags, .nice = nice, .priority = priority};
    return (int)syscall(SYS_sched_setattr, 0, &wanted, 0);
}

int main(void) {
    SHOW(setpriority(PRIO_PROCESS, 0, 5));
    SHOW(set(SCHED_FIFO, 0, 7, 20));
    show();
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(set(SCHED_RR, RESET_CHILDREN, 0, 30));
    show();
    SHOW(set(SCHED_OTHER, KEEP_POLICY, 0, 31));
    show();
    SHOW(set(SCHED_RR, KEEP_PARAMETERS, 0, 77));
    show();
    SHOW(set(SCHED_OTHER, KEEP_PARAMETERS, 0, 0));
    SHOW(set(SCHED_OTHER, KEEP_POLICY | KEEP_PARAMETERS | RESET_CHILDREN, 0, 0));
    show();
    SHOW(set(SCHED_FIFO, 0, 0, 0));
    SHOW(set(SCHED_FIFO, 0, 0, 100));
    SHOW(set(SCHED_OTHER, 0, 3, 1));
    SHOW(set(SCHED_RR, 0, 0, 30));
    show();
    SHOW(become(SCHED_OTHER, 0));
    show();
    SHOW(set(SCHED_FIFO, KEEP_PARAMETERS, 0, 9));
    show();
    return 0;
}
