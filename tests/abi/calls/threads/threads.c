// SPDX-License-Identifier: MIT
// Calls: clone
/* Threads share memory, and are waited for. */
#include "tests/abi/calls/show.h"

#include <pthread.h>

static int counter;

static void *count(void *unused) {
    for (int i = 0; i < 1000; i++)
        __atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
    return unused;
}

int main(void) {
    pthread_t threads[4];
    int error = 0;
    for (int i = 0; i < 4; i++)
        error |= pthread_create(&threads[i], NULL, count, NULL);
    SHOW(error);
    if (error)
        return 1;
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    SHOW(counter);
    return 0;
}
