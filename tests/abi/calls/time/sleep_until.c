// SPDX-License-Identifier: MIT
// Calls: clock_nanosleep
/* Until a time on some clock. */
#include "tests/abi/calls/show.h"

int main(void) {
    int until[2], soon[2] = {0, 20000000}, now[2], past[2] = {1, 0};
    syscall(265, CLOCK_MONOTONIC, until);
    until[1] += 30000000;
    until[0] += until[1] / 1000000000;
    until[1] %= 1000000000;
    SHOW(syscall(267, CLOCK_MONOTONIC, TIMER_ABSTIME, until, NULL));
    syscall(265, CLOCK_MONOTONIC, now);
    SHOW(now[0] > until[0] || (now[0] == until[0] && now[1] >= until[1]));
    SHOW(syscall(267, CLOCK_REALTIME, TIMER_ABSTIME, past, NULL));
    SHOW(syscall(267, CLOCK_REALTIME, 0, soon, NULL));
    SHOW(syscall(267, CLOCK_THREAD_CPUTIME_ID, 0, soon, NULL));
    SHOW(syscall(267, 99, 0, soon, NULL));
    return 0;
}
