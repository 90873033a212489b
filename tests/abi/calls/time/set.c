// SPDX-License-Identifier: MIT
// Calls: clock_settime64, clock_settime, settimeofday, stime
/* Who is not root does not set the clock; some clocks nobody sets, and some times are none. */
#include "tests/abi/calls/show.h"

int main(void) {
    long long time[2] = {1000, 0}, wrong[2] = {1000, 1000000000};
    int old[2] = {1000, 0}, much[2] = {1000, 1000000};
    SHOW(syscall(404, CLOCK_MONOTONIC, time));
    SHOW(syscall(404, CLOCK_REALTIME, wrong));
    SHOW(syscall(79, much, NULL));
    setuid(1000);
    SHOW(syscall(404, CLOCK_REALTIME, time));
    SHOW(syscall(264, CLOCK_REALTIME, old));
    SHOW(syscall(79, old, NULL));
    SHOW(syscall(25, old));
    return 0;
}
