// SPDX-License-Identifier: MIT
// Calls: clock_nanosleep_time64
/* The call with 64 bits of seconds. */
#include "tests/abi/calls/show.h"

int main(void) {
    long long soon[2] = {0, 20000000}, wrong[2] = {0, -1};
    SHOW(syscall(407, CLOCK_MONOTONIC, 0, soon, NULL));
    SHOW(syscall(407, CLOCK_MONOTONIC, 0, wrong, NULL));
    SHOW(syscall(407, CLOCK_MONOTONIC, 0, nowhere, NULL));
    return 0;
}
