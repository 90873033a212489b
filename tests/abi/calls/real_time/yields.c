// SPDX-License-Identifier: MIT
// Calls: sched_yield, sched_setscheduler, sched_setaffinity
// Needs: real time
/* Who yields goes behind those of its own priority, and before those with less. */
#include "tests/abi/calls/real_time/class.h"

static atomic_int go;

static void *run(void *name) {
    const char *text = name;
    SHOW(become(SCHED_FIFO, *text == 'z' ? 5 : 10));
    wait_for(&go, 0);
    for (char step[3] = {*text, '1', 0}; step[1] < '4'; step[1]++) {
        note(step);
        sched_yield();
    }
    return NULL;
}

int main(void) {
    static char names[] = "zab";
    pthread_t threads[3];
    SHOW(confine());
    SHOW(become(SCHED_FIFO, 50));
    for (int i = 0; i < 3; i++) {
        pthread_create(&threads[i], NULL, run, &names[i]);
        sleep_ms(20);
    }
    go = 1;
    SHOW(wake(&go, 3));
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    show_notes();
    return 0;
}
