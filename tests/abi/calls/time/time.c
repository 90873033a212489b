// SPDX-License-Identifier: MIT
// Calls: time, gettimeofday
/* Seconds and microseconds of the wall clock. */
#include "tests/abi/calls/show.h"

int main(void) {
    int now = 0, day[2] = {0}, zone[2] = {9, 9};
    SHOW(syscall(13, &now) == now);
    SHOW(syscall(78, day, zone));
    SHOW(day[0] - now <= 1 && day[1] < 1000000);
    printf("zone %d %d\n", zone[0], zone[1]);
    SHOW(syscall(78, nowhere, NULL));
    SHOW(syscall(13, nowhere));
    return 0;
}
