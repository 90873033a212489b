// SPDX-License-Identifier: MIT
// Calls: clone, fork
/* A fork has the one thread that called it. */
#include "tests/abi/calls/show.h"

#include <pthread.h>

static void *fork_here(void *unused) {
    pid_t child = fork();
    if (child == 0)
        _exit(syscall(SYS_gettid) == getpid() ? 4 : 5);
    SHOW_END(child);
    return unused;
}

int main(void) {
    pthread_t thread;
    SHOW(pthread_create(&thread, NULL, fork_here, NULL));
    SHOW(pthread_join(thread, NULL));
    return 0;
}
