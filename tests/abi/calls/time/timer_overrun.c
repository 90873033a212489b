// SPDX-License-Identifier: MIT
// Calls: timer_getoverrun
/* Expirations that nobody saw are counted. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 40};
    struct itimerspec times = {.it_value = {0, 5000000}, .it_interval = {0, 5000000}};
    timer_t timer;
    sigset_t set;
    siginfo_t told;
    sigemptyset(&set);
    sigaddset(&set, 40);
    sigprocmask(SIG_BLOCK, &set, NULL);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &times, NULL);
    sleep_ms(60);
    SHOW(sigtimedwait(&set, &told, &(struct timespec){2, 0}));
    SHOW(told.si_overrun >= 5);
    SHOW(timer_getoverrun(timer) >= 5);
    return 0;
}
