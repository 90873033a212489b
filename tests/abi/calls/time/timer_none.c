// SPDX-License-Identifier: MIT
// Calls: timer_create
/* A timer without a signal is asked. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec times = {.it_value = {0, 10000000}}, told = {{9, 9}, {9, 9}};
    timer_t timer = 0;
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    SHOW(timer_settime(timer, 0, &times, NULL));
    sleep_ms(30);
    SHOW(timer_gettime(timer, &told));
    SHOW(told.it_value.tv_nsec);
    return 0;
}
