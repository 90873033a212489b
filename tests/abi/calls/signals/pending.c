// SPDX-License-Identifier: MIT
// Calls: rt_sigpending
/* What waits is told; a signal that is ignored does not wait. */
#include "tests/abi/calls/show.h"

int main(void) {
    sigset_t set;
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGUSR2, SIG_IGN);
    raise(SIGUSR1);
    raise(SIGUSR2);
    raise(SIGCHLD);
    SHOW(sigpending(&set));
    SHOW(sigismember(&set, SIGUSR1));
    SHOW(sigismember(&set, SIGUSR2));
    SHOW(sigismember(&set, SIGCHLD));
    signal(SIGUSR1, SIG_IGN);
    SHOW(sigpending(&set));
    SHOW(sigismember(&set, SIGUSR1));
    return 0;
}
