// SPDX-License-Identifier: MIT
// Calls: sched_setaffinity, sched_getaffinity
/* On which CPUs one may run. */
#include "tests/abi/calls/show.h"

#include <sched.h>

int main(void) {
    unsigned long set = 0, one = 1, more = ~0ul, none = 0, wide[32] = {1};
    SHOW(syscall(SYS_sched_getaffinity, 0, sizeof set, &set) > 0);
    SHOW(set & 1);
    SHOW(syscall(SYS_sched_setaffinity, 0, sizeof more, &more));
    SHOW(syscall(SYS_sched_setaffinity, 0, sizeof one, &one));
    set = 0;
    syscall(SYS_sched_getaffinity, 0, sizeof set, &set);
    SHOW(set);
    SHOW(syscall(SYS_sched_setaffinity, 0, sizeof none, &none));
    SHOW(syscall(SYS_sched_setaffinity, 0, 0, &one));
    SHOW(syscall(SYS_sched_setaffinity, 0, 1, &one));
    SHOW(syscall(SYS_sched_setaffinity, 0, sizeof wide, wide));
    set = 0;
    syscall(SYS_sched_getaffinity, 0, sizeof set, &set);
    SHOW(set);
    SHOW(syscall(SYS_sched_getaffinity, 0, 3, &set));
    SHOW(syscall(SYS_sched_getaffinity, 99999, sizeof set, &set));
    SHOW(syscall(SYS_sched_setaffinity, 99999, sizeof one, &one));
    SHOW(syscall(SYS_sched_setaffinity, 99999, sizeof one, nowhere));
    SHOW(syscall(SYS_sched_setaffinity, 0, sizeof one, nowhere));
    return 0;
}
