// SPDX-License-Identifier: MIT
// Calls: signal
/* The first call: a handler that is there once, and what was there before as the answer. */
#include "tests/abi/calls/show.h"

static int seen;

static void handle(int signal) {
    seen = signal;
}

int main(void) {
    SHOW(syscall(SYS_signal, SIGUSR1, handle));
    raise(SIGUSR1);
    SHOW(seen == SIGUSR1);
    SHOW(syscall(SYS_signal, SIGUSR1, SIG_IGN));
    SHOW(raise(SIGUSR1));
    SHOW(syscall(SYS_signal, SIGUSR1, SIG_DFL));
    SHOW(syscall(SYS_signal, SIGKILL, SIG_IGN));
    return 0;
}
