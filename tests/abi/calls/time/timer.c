// SPDX-License-Identifier: MIT
// Calls: timer_create, timer_settime, timer_gettime64 (timer_gettime), timer_delete
/* POSIX timers, and what their signal brings. */
#include "tests/abi/calls/show.h"

static void handle(int signal, siginfo_t *told, void *context) {
    (void)context;
    printf("signal %d, code %d, value %d\n", signal, told->si_code, told->si_value.sival_int);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 40, .sigev_value = {7}};
    struct itimerspec times = {.it_value = {0, 20000000}}, told = {.it_value = {9, 9}};
    timer_t timer = 0;
    sigaction(40, &action, NULL);
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    SHOW(timer_settime(timer, 0, &times, NULL));
    SHOW(timer_gettime(timer, &told));
    SHOW(told.it_value.tv_sec == 0 && told.it_value.tv_nsec > 0);
    for (int i = 0; i < 20; i++)
        sleep_ms(5);
    SHOW(timer_gettime(timer, &told));
    SHOW(told.it_value.tv_nsec);
    SHOW(timer_delete(timer));
    SHOW(timer_delete(timer));
    SHOW(timer_gettime(timer, &told));
    return 0;
}
