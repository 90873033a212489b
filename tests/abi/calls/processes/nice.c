// SPDX-License-Identifier: MIT
// Calls: nice, getpriority, setpriority
/* Everybody may be nicer; root may take it back. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

int main(void) {
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(syscall(SYS_nice, 5));
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(setpriority(PRIO_PROCESS, 0, -3));
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(setpriority(PRIO_PROCESS, 0, 100));
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(setpriority(9, 0, 0));
    SHOW(setpriority(PRIO_PROCESS, 99999, 0));
    SHOW(getpriority(PRIO_USER, 99999));
    setuid(1000);
    SHOW(setpriority(PRIO_PROCESS, 0, 10));
    SHOW(syscall(SYS_nice, -1));
    return 0;
}
