// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_getscheduler, sched_setparam, sched_getparam
// Needs: real time
/* Policies with priorities: which ones there are, and back again. */
#include "tests/abi/calls/real_time/class.h"

static int set_priority(int priority) {
    return (int)syscall(SYS_sched_setparam, 0, &priority);
}

int main(void) {
    SHOW(become(SCHED_FIFO, 10));
    show_class("now", 0);
    SHOW(become(SCHED_FIFO, 0));
    SHOW(become(SCHED_FIFO, 100));
    SHOW(become(SCHED_RR, -1));
    show_class("still", 0);
    SHOW(set_priority(99));
    show_class("more", 0);
    SHOW(set_priority(1));
    show_class("less", 0);
    SHOW(set_priority(0));
    SHOW(set_priority(100));
    SHOW(become(SCHED_RR, 50));
    show_class("another", 0);
    SHOW(become(SCHED_OTHER, 1));
    SHOW(become(SCHED_OTHER, 0));
    show_class("ordinary", 0);
    SHOW(set_priority(1));
    SHOW(become(-1, 0));
    SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, NULL));
    SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, nowhere));
    SHOW(syscall(SYS_sched_setscheduler, 99999, SCHED_FIFO, nowhere));
    SHOW(syscall(SYS_sched_setscheduler, -1, SCHED_FIFO, nowhere));
    SHOW(syscall(SYS_sched_setparam, -1, nowhere));
    SHOW(syscall(SYS_sched_setparam, 0, NULL));
    SHOW(syscall(SYS_sched_getparam, 0, NULL));
    SHOW(syscall(SYS_sched_getparam, 0, nowhere));
    return 0;
}
