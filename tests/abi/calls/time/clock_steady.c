// SPDX-License-Identifier: MIT
// Calls: clock_gettime64 (clock_gettime gettimeofday)
/* The monotonic clock never goes back, and passes while one sleeps. */
#include "tests/abi/calls/show.h"

static long long now(void) {
    struct timespec time = {0};
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0)
        exit(9);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
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
