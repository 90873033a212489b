// SPDX-License-Identifier: MIT
// Calls: exit_group, clone
/* A thread's exit_group() ends all of them. */
#include "tests/abi/calls/show.h"

#include <pthread.h>

static void *leave(void *unused) {
    sleep_ms(20);
    syscall(SYS_exit_group, 7);
    return unused;
}

int main(void) {
    pthread_t thread;
    pid_t child = fork();
    if (child == 0) {
        if (pthread_create(&thread, NULL, leave, NULL) != 0)
            _exit(2);
        for (int i = 0; i < 20; i++)
            sleep_ms(10);
        _exit(3);
    }
    SHOW_END(child);
    return 0;
}
