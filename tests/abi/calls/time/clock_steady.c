// SPDX-License-Identifier: MIT
// Calls: clock_gettime64
/* The monotonic clock never goes back, and passes while one sleeps. */
#include "tests/abi/calls/show.h"

static long long now(void) {
    struct {
        long long seconds, nanoseconds;
    } time = {0};
    if (syscall(403, CLOCK_MONOTONIC, &time) != 0)
        return SHOW(syscall(403, CLOCK_MONOTONIC, &time));
    return time.seconds * 1000000000 + time.nanoseconds;
}

int main(void) {
    long long start = now(), before = start;
    int back = 0;
    for (int i = 0; i < 1000; i++) {
        long long time = now();
        back += time < before;
        before = time;
    }
    SHOW(back);
    sleep_ms(20);
    SHOW(now() - start >= 20000000);
    return 0;
}
