// SPDX-License-Identifier: MIT
// Calls: clock_gettime64 (clock_gettime)
/* Which clocks there are, and that they go on. */
#include "tests/abi/calls/show.h"

int main(void) {
    for (int clock = -1; clock < 13; clock++) {
        if (clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM)
            continue; /* they are there where the machine has a clock that wakes it */
        struct timespec now = {-1, -1};
        int result = clock_gettime(clock, &now);
        printf("clock %d: %s\n", clock, result == 0 ? "there" : strerror(errno));
        if (result == 0 && (now.tv_sec < 0 || now.tv_nsec < 0 || now.tv_nsec > 999999999))
            puts("a strange time");
    }
    return 0;
}
