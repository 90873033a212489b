// SPDX-License-Identifier: MIT
// Calls: rt_sigprocmask
/* Signals are blocked, wait, and come when they may. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    sigset_t set, old;
    signal(SIGUSR1, handle);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGKILL);
    SHOW(sigprocmask(SIG_BLOCK, &set, NULL));
    SHOW(raise(SIGUSR1));
    SHOW(raise(SIGUSR1));
    SHOW(sigprocmask(SIG_BLOCK, NULL, &old));
    SHOW(sigismember(&old, SIGUSR1));
    SHOW(sigismember(&old, SIGKILL));
    SHOW(sigprocmask(SIG_UNBLOCK, &set, NULL));
    SHOW(syscall(SYS_rt_sigprocmask, 9, &set, NULL, 8));
    SHOW(syscall(SYS_rt_sigprocmask, 0, &set, NULL, 4));
    SHOW(syscall(SYS_rt_sigprocmask, 0, nowhere, NULL, 8));
    return 0;
}
