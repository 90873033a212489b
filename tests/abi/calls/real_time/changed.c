// SPDX-License-Identifier: MIT
// Calls: sched_setparam, sched_setscheduler, sched_setaffinity
// Needs: real time
/* A priority that changes counts at once: of one who waits for its turn, and of the caller. */
#include "tests/abi/calls/real_time/class.h"

static atomic_int go, tids[2];

static void *run(void *number) {
    int own = (int)(intptr_t)number;
    SHOW(become(SCHED_FIFO, 10));
    tids[own] = (int)syscall(SYS_gettid);
    wait_for(&go, 0);
    note(own ? "second" : "first");
    return NULL;
}

static int set_priority(pid_t thread, int priority) {
    return (int)syscall(SYS_sched_setparam, thread, &priority);
}

int main(void) {
    pthread_t threads[2];
    SHOW(confine());
    SHOW(become(SCHED_FIFO, 50));
    for (intptr_t i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, run, (void *)i);
        sleep_ms(20);
    }
    go = 1;
    SHOW(wake(&go, 2));
    note("still here");
    SHOW(set_priority(tids[1], 20));
    note("raised one");
    SHOW(set_priority(0, 5));
    note("went below them");
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    show_notes();
    return 0;
}
