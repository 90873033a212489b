// SPDX-License-Identifier: MIT
// Calls: setuid32
/* The bare call is of one thread: the other one stays root. */
#include "tests/abi/calls/show.h"

#include <pthread.h>

static void *leave(void *unused) {
    SHOW(syscall(SYS_setuid32, 1000));
    SHOW(syscall(SYS_getuid32));
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, leave, NULL);
    pthread_join(thread, NULL);
    SHOW(syscall(SYS_getuid32));
    return 0;
}
