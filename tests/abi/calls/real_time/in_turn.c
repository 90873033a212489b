// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_setaffinity, futex
// Needs: real time
/* Of one priority who waits longest goes first, and goes on until it ends; a lesser one comes last, an ordinary one behind it. */
#include "tests/abi/calls/real_time/class.h"

static atomic_int go;

static void *run(void *name) {
    const char *text = name;
    int priority = *text == 'z' ? 0 : *text == 'y' ? 5 : 10;
    char first[3] = {*text, '1', 0}, last[3] = {*text, '2', 0};
    SHOW(become(priority ? SCHED_FIFO : SCHED_OTHER, priority));
    wait_for(&go, 0);
    note(first);
    for (long long end = now_ms() + 5; now_ms() < end;)
        continue;
    note(last);
    return NULL;
}

int main(void) {
    static char names[] = "zyabc";
    pthread_t threads[5];
    SHOW(confine());
    SHOW(become(SCHED_FIFO, 50));
    for (int i = 0; i < 5; i++) {
        pthread_create(&threads[i], NULL, run, &names[i]);
        sleep_ms(20);
    }
    go = 1;
    SHOW(wake(&go, 5));
    note("woke them");
    for (int i = 0; i < 5; i++)
        pthread_join(threads[i], NULL);
    show_notes();
    return 0;
}
