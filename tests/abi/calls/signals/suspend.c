// SPDX-License-Identifier: MIT
// Calls: rt_sigsuspend
/* Another mask for as long as one waits. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    sigset_t set, none, old;
    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, handle);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    SHOW(sigsuspend(&none));
    sigprocmask(SIG_BLOCK, NULL, &old);
    SHOW(sigismember(&old, SIGUSR1));
    SHOW(syscall(SYS_rt_sigsuspend, &none, 4));
    SHOW(syscall(SYS_rt_sigsuspend, nowhere, 8));
    return 0;
}
