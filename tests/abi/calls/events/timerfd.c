// SPDX-License-Identifier: MIT
// Calls: timerfd_create, timerfd_settime, timerfd_gettime64 (timerfd_gettime)
/* A timer that is read. */
#include "tests/abi/calls/show.h"

#include <sys/timerfd.h>

int main(void) {
    struct itimerspec times = {.it_value = {0, 20000000}, .it_interval = {0, 20000000}}, old;
    uint64_t count = 0;
    int file = SHOW(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
    SHOW(timerfd_settime(file, 0, &times, NULL));
    SHOW(timerfd_gettime(file, &old));
    SHOW(old.it_interval.tv_nsec);
    SHOW(old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20000000);
    sleep_ms(70);
    SHOW(read(file, &count, 8));
    SHOW(count >= 3);
    SHOW(timerfd_settime(file, 0, &(struct itimerspec){0}, NULL));
    SHOW(timerfd_gettime(file, &old));
    SHOW(old.it_value.tv_nsec);
    SHOW(fcntl(file, F_SETFL, O_NONBLOCK));
    SHOW(read(file, &count, 8));
    return 0;
}
