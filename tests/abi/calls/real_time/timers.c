// SPDX-License-Identifier: MIT
// Calls: timerfd_create, timerfd_settime, timer_create, sched_setscheduler, sched_setaffinity
// Needs: real time
/* Timers reach who waits for them in time, by a descriptor or by signals, though one of lesser priority never rests. */
#include "tests/abi/calls/real_time/class.h"

#include <poll.h>
#include <sys/timerfd.h>

#define ROUNDS 3
#define PERIOD 300000000

static atomic_int never_rests, done;

static void *never_rest(void *unused) {
    SHOW(become(SCHED_FIFO, 50));
    never_rests = 1;
    while (!done)
        continue;
    return unused;
}

static const struct itimerspec every = {{0, PERIOD}, {0, PERIOD}};

static void by_descriptor(void) {
    uint64_t expirations = 0, late = 0;
    int timer = (int)SHOW(timerfd_create(CLOCK_MONOTONIC, 0));
    struct pollfd polled = {timer, POLLIN, 0};
    SHOW(timerfd_settime(timer, 0, &every, NULL));
    for (int i = 0; i < ROUNDS; i++) {
        poll(&polled, 1, 3000);
        SHOW(read(timer, &expirations, sizeof expirations));
        late += expirations > 1;
    }
    SHOW(late);
}

static void by_signals(const sigset_t *set) {
    timer_t timer;
    siginfo_t told = {0};
    int overruns = 0;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    if (SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer)) != 0)
        return;
    SHOW(timer_settime(timer, 0, &every, NULL));
    for (int i = 0; i < ROUNDS; i++) {
        SHOW(sigwaitinfo(set, &told) == SIGRTMIN);
        overruns += told.si_overrun;
    }
    SHOW(overruns);
}

int main(void) {
    pthread_t thread;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    SHOW(confine());
    SHOW(become(SCHED_FIFO, 60));
    pthread_create(&thread, NULL, never_rest, NULL);
    while (!never_rests)
        sleep_ms(1);
    by_descriptor();
    by_signals(&set);
    done = 1;
    pthread_join(thread, NULL);
    return 0;
}
