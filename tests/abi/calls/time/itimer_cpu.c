// SPDX-License-Identifier: MIT
// Calls: setitimer
/* Timers of the time that a process uses. */
#include "tests/abi/calls/show.h"

#include <sys/time.h>

static volatile sig_atomic_t seen;

static void handle(int signal) {
    seen = signal;
}

static void spend_until_seen(void) {
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        for (volatile int turn = 0; turn < 10000; turn++) /* its own time, not that of its calls */
            continue;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (!seen && now.tv_sec - start.tv_sec < 2);
}

int main(void) {
    struct itimerval times = {.it_value = {0, 20000}};
    signal(SIGVTALRM, handle);
    signal(SIGPROF, handle);
    SHOW(setitimer(ITIMER_PROF, &times, NULL));
    spend_until_seen();
    SHOW(seen == SIGPROF);
    seen = 0;
    SHOW(setitimer(ITIMER_VIRTUAL, &times, NULL));
    spend_until_seen();
    SHOW(seen == SIGVTALRM);
    return 0;
}
