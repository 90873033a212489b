// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_setaffinity, futex
// Needs: real time
/* Who is real-time and is woken runs before its waker goes on. */
#include "tests/abi/calls/real_time/class.h"

static atomic_int word, ready;

static void *wait_in_thread(void *unused) {
    note(become(SCHED_FIFO, 10) == 0 ? "first" : "refused");
    for (int round = 0; round < 3; round++) {
        ready = round + 1;
        wait_for(&word, round);
        note("woken");
    }
    return unused;
}

int main(void) {
    pthread_t thread;
    SHOW(confine());
    SHOW(pthread_create(&thread, NULL, wait_in_thread, NULL));
    for (int round = 0; round < 3; round++) {
        while (ready != round + 1)
            sleep_ms(5);
        sleep_ms(5);
        note("wakes");
        word++;
        SHOW(wake(&word, 1));
        note("goes on");
    }
    pthread_join(thread, NULL);
    show_notes();
    return 0;
}
