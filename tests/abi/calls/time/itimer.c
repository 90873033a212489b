// SPDX-License-Identifier: MIT
// Calls: setitimer, getitimer
/* A timer that repeats, and that a child does not have. */
#include "tests/abi/calls/show.h"

#include <sys/time.h>

static volatile int ticks;

static void handle(int signal) {
    (void)signal;
    ticks++;
}

int main(void) {
    struct itimerval times = {.it_value = {0, 10000}, .it_interval = {0, 10000}}, told;
    signal(SIGALRM, handle);
    SHOW(setitimer(ITIMER_REAL, &times, NULL));
    pid_t child = fork();
    if (child == 0) {
        getitimer(ITIMER_REAL, &told);
        _exit(told.it_value.tv_usec != 0);
    }
    SHOW(waitpid(child, NULL, 0) == child || errno == EINTR);
    for (int i = 0; i < 100 && ticks < 3; i++)
        sleep_ms(10);
    SHOW(ticks >= 3);
    SHOW(getitimer(ITIMER_REAL, &told));
    SHOW(told.it_interval.tv_usec);
    SHOW(setitimer(ITIMER_REAL, &(struct itimerval){0}, &told));
    SHOW(getitimer(9, &told));
    times.it_value.tv_usec = 1000000;
    SHOW(setitimer(ITIMER_REAL, &times, NULL));
    return 0;
}
