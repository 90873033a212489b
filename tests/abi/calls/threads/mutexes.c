// SPDX-License-Identifier: MIT
// Calls: futex
/* A lock under four threads. */
#include "tests/abi/calls/show.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int counter;

static void *count(void *unused) {
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&lock);
        int before = counter;
        if (i % 20 == 0)
            sched_yield();
        counter = before + 1;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, count, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    SHOW(counter);
    SHOW(syscall(SYS_futex, &counter, 1, 1, NULL, NULL, 0));
    return 0;
}
