// SPDX-License-Identifier: MIT
// Calls: sched_getscheduler, sched_setscheduler, sched_getparam, sched_setparam
/* Policies without priorities. */
#include "tests/abi/calls/show.h"

#include <sched.h>

int main(void) {
    int zero = 0, five = 5, told = 9;
    SHOW(syscall(SYS_sched_getscheduler, 0));
    SHOW(syscall(SYS_sched_getparam, 0, &told));
    SHOW(told);
    SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &zero));
    SHOW(syscall(SYS_sched_getscheduler, 0));
    SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &five));
    SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &zero));
    SHOW(syscall(SYS_sched_setparam, 0, &five));
    SHOW(syscall(SYS_sched_setparam, 0, &zero));
    SHOW(syscall(SYS_sched_setscheduler, 0, 77, &zero));
    SHOW(syscall(SYS_sched_getscheduler, 99999));
    SHOW(syscall(SYS_sched_getscheduler, -1));
    return 0;
}
