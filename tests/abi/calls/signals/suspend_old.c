// SPDX-License-Identifier: MIT
// Calls: sigsuspend
/* The same with 32 signals. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    sigset_t set;
    signal(SIGUSR1, handle);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    SHOW(syscall(SYS_sigsuspend, 0, 0, 0));
    return 0;
}
