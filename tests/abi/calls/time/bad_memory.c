// SPDX-License-Identifier: MIT
// Calls: clock_gettime64, nanosleep, timer_create, setitimer
/* Times that are nowhere. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(403, CLOCK_MONOTONIC, nowhere));
    SHOW(syscall(SYS_nanosleep, nowhere, NULL));
    SHOW(syscall(SYS_setitimer, 0, nowhere, NULL));
    SHOW(syscall(SYS_getitimer, 0, nowhere));
    SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, nowhere, nowhere));
    SHOW(syscall(SYS_times, nowhere));
    SHOW(syscall(SYS_getrusage, 0, nowhere));
    SHOW(syscall(SYS_utimensat, AT_FDCWD, ".", nowhere, 0));
    return 0;
}
