// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_setaffinity
// Needs: real time
/* Of two that never rest, with SCHED_FIFO the first one runs to its end; with SCHED_RR they take turns. */
#include "tests/abi/calls/real_time/class.h"

#define WORK    150  /* milliseconds, and more than one turn */
#define PATIENT 3000 /* the same, until turns have come */
#define TURNS   4

static atomic_int policy, patience, go, changes, last;

static void *run(void *number) {
    int own = (int)(intptr_t)number;
    long long start;
    SHOW(become(policy, 10));
    wait_for(&go, 0);
    for (start = now_ms(); changes < TURNS && now_ms() < start + patience;) {
        changes += last != own;
        last = own;
    }
    return NULL;
}

static int changes_with(int wanted, int milliseconds) {
    pthread_t threads[2];
    policy = wanted;
    patience = milliseconds;
    go = changes = last = 0;
    for (intptr_t i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, run, (void *)(i + 1));
        sleep_ms(20);
    }
    go = 1;
    wake(&go, 2);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return changes;
}

int main(void) {
    SHOW(confine());
    SHOW(become(SCHED_FIFO, 50));
    SHOW(changes_with(SCHED_FIFO, WORK));
    SHOW(changes_with(SCHED_RR, PATIENT) >= TURNS);
    return 0;
}
