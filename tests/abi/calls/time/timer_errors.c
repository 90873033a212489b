// SPDX-License-Identifier: MIT
// Calls: timer_create
/* Clocks without timers, and signals that are none. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65};
    timer_t timer;
    SHOW(timer_create(99, NULL, &timer));
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    event.sigev_signo = SIGALRM, event.sigev_notify = 77;
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    SHOW(timer_create(CLOCK_MONOTONIC, NULL, &timer));
    SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, nowhere, &timer));
    SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, nowhere));
    SHOW(syscall(SYS_timer_delete, 999));
    SHOW(syscall(SYS_timer_getoverrun, 999));
    return 0;
}
