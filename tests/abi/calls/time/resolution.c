// SPDX-License-Identifier: MIT
// Calls: clock_getres_time64 (clock_getres)
/* How fine clocks are. */
#include "tests/abi/calls/show.h"

int main(void) {
    for (int clock = 0; clock < 4; clock++) {
        struct {
            long long seconds, nanoseconds;
        } time = {-1, -1};
        SHOW(syscall(406, clock, &time));
        printf("clock %d: %lld s %lld ns\n", clock, time.seconds, time.nanoseconds);
    }
    SHOW(syscall(406, 99, nowhere));
    SHOW(syscall(406, 0, NULL));
    return 0;
}
