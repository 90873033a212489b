// SPDX-License-Identifier: MIT
// Calls: nanosleep
/* A sleep is as long as it was told, and no time is wrong. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct {
        int seconds, nanoseconds;
    } nothing = {0, 0}, wrong = {0, 1000000000}, before = {-1, 0}, soon = {0, 30000000};
    struct timespec start, end;
    SHOW(syscall(SYS_nanosleep, &nothing, NULL));
    SHOW(syscall(SYS_nanosleep, &wrong, NULL));
    SHOW(syscall(SYS_nanosleep, &before, NULL));
    SHOW(syscall(SYS_nanosleep, nowhere, NULL));
    clock_gettime(CLOCK_MONOTONIC, &start);
    SHOW(syscall(SYS_nanosleep, &soon, NULL));
    clock_gettime(CLOCK_MONOTONIC, &end);
    SHOW((end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec >= 30000000);
    return 0;
}
