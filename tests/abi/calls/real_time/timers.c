// SPDX-License-Identifier: MIT
// Calls: timerfd_create, timerfd_settime, sched_setscheduler, sched_setaffinity
// Needs: real time
/* A timer reaches who waits for it in time, though one of lesser priority never rests. */
#include "tests/abi/calls/real_time/class.h"

#include <sys/timerfd.h>

#define ROUNDS 6

static atomic_int done;

static void *never_rest(void *unused) {
    SHOW(become(SCHED_FIFO, 50));
    while (!done)
        continue;
    return unused;
}

int main(void) {
    const struct itimerspec every = {{0, 300000000}, {0, 300000000}};
    uint64_t expirations = 0, late = 0;
    pthread_t thread;
    int timer = (int)SHOW(timerfd_create(CLOCK_MONOTONIC, 0));
    SHOW(confine());
    SHOW(become(SCHED_FIFO, 60));
    pthread_create(&thread, NULL, never_rest, NULL);
    sleep_ms(20);
    SHOW(timerfd_settime(timer, 0, &every, NULL));
    for (int i = 0; i < ROUNDS; i++) {
        SHOW(read(timer, &expirations, sizeof expirations));
        late += expirations > 1;
    }
    done = 1;
    pthread_join(thread, NULL);
    SHOW(late);
    return 0;
}
