// SPDX-License-Identifier: MIT
// Calls: clone
/* The first thread ends, the process goes on until the last. */
#include "tests/abi/calls/show.h"

#include <pthread.h>

static void *stay(void *unused) {
    sleep_ms(30);
    puts("still here");
    _exit(5);
    return unused;
}

int main(void) {
    pthread_t thread;
    pid_t child = fork();
    if (child == 0) {
        if (pthread_create(&thread, NULL, stay, NULL) != 0)
            _exit(2);
        pthread_exit(NULL);
    }
    SHOW_END(child);
    return 0;
}
