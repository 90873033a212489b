// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_setparam, setuid32
// Needs: real time
/* Who is not root may have less than he has, and not more; and nothing of what others have. */
#include "tests/abi/calls/real_time/class.h"

static int set_priority(pid_t thread, int priority) {
    return (int)syscall(SYS_sched_setparam, thread, &priority);
}

static int as_somebody(pid_t parent) {
    int zero = 0;
    SHOW(setuid(1000));
    SHOW(set_priority(0, 11));
    SHOW(set_priority(0, 10));
    SHOW(set_priority(0, 9));
    SHOW(set_priority(0, 10));
    SHOW(become(SCHED_RR, 5));
    show_class("less", 0);
    SHOW(set_priority(parent, 5));
    SHOW(syscall(SYS_sched_setscheduler, parent, SCHED_OTHER, &zero));
    show_class("another's", parent);
    SHOW(become(SCHED_FIFO | RESET_ON_FORK, 9));
    SHOW(become(SCHED_FIFO, 9));
    SHOW(become(SCHED_OTHER | RESET_ON_FORK, 0));
    SHOW(become(SCHED_FIFO, 1));
    SHOW(become(SCHED_OTHER, 0));
    SHOW(become(SCHED_IDLE | RESET_ON_FORK, 0));
    SHOW(become(SCHED_OTHER | RESET_ON_FORK, 0));
    show_class("in the end", 0);
    return 0;
}

int main(void) {
    pid_t child, parent = getpid();
    SHOW(become(SCHED_FIFO, 10));
    child = fork();
    if (child == 0)
        exit(as_somebody(parent));
    SHOW_END(child);
    return 0;
}
