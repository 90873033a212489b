// SPDX-License-Identifier: MIT
// Calls: clock_gettime
/* The call with 32 bits of seconds. */
#include "tests/abi/calls/show.h"

int main(void) {
    int now[2] = {0}, time_64[4] = {0};
    SHOW(syscall(265, CLOCK_REALTIME, now));
    SHOW(syscall(403, CLOCK_REALTIME, time_64));
    SHOW(time_64[0] - now[0] <= 1 && time_64[1] == 0);
    SHOW(syscall(265, 99, now));
    SHOW(syscall(265, CLOCK_REALTIME, nowhere));
    return 0;
}
