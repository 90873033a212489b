// SPDX-License-Identifier: MIT
// Calls: clock_getres
/* The same with 32 bits. */
#include "tests/abi/calls/show.h"

int main(void) {
    int time[2] = {-1, -1};
    SHOW(syscall(266, CLOCK_MONOTONIC, time));
    printf("%d s %d ns\n", time[0], time[1]);
    SHOW(syscall(266, 99, time));
    return 0;
}
