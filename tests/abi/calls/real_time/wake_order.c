// SPDX-License-Identifier: MIT
// Calls: futex, sched_setscheduler
// Needs: real time
/* Of those who wait for one futex the one with the greatest priority is woken first, then who waits longest. */
#include "tests/abi/calls/real_time/class.h"

#define COUNT 5

static atomic_int word, about_to_wait, awake;

static void until(atomic_int *count, int reaches) {
    while (*count < reaches)
        sleep_ms(1);
    sleep_ms(20);
}

static void *run(void *priority) {
    char name[12];
    int own = (int)(intptr_t)priority;
    snprintf(name, sizeof name, "%d", own);
    note(become(own ? SCHED_FIFO : SCHED_OTHER, own) == 0 ? "waits" : "refused");
    about_to_wait++;
    note(wait_for(&word, 0) == 0 ? name : "does not wait");
    awake++;
    return NULL;
}

int main(void) {
    static const intptr_t priorities[COUNT] = {0, 10, 30, 20, 30};
    pthread_t threads[COUNT];
    for (int i = 0; i < COUNT; i++) {
        pthread_create(&threads[i], NULL, run, (void *)priorities[i]);
        until(&about_to_wait, i + 1);
    }
    for (int i = 0; i < COUNT; i++) {
        SHOW(wake(&word, 1));
        until(&awake, i + 1);
    }
    for (int i = 0; i < COUNT; i++)
        pthread_join(threads[i], NULL);
    show_notes();
    return 0;
}
