// SPDX-License-Identifier: MIT
// Calls: sigaction
/* The call with a set of 32 signals. */
#include "tests/abi/calls/show.h"

static int seen;

static void handle(int signal) {
    seen = signal;
}

int main(void) {
    struct {
        void (*handler)(int);
        unsigned mask, flags;
        void *restorer;
    } action = {handle, 0, 0, NULL}, old;
    SHOW(syscall(SYS_sigaction, SIGUSR1, &action, NULL));
    raise(SIGUSR1);
    SHOW(seen == SIGUSR1);
    SHOW(syscall(SYS_sigaction, SIGUSR1, NULL, &old));
    SHOW(old.handler == handle);
    SHOW(syscall(SYS_sigaction, SIGKILL, &action, NULL));
    return 0;
}
