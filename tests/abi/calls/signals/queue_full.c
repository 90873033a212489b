// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit)
/* RLIMIT_SIGPENDING bounds what is queued; an ordinary signal always comes through. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

int main(void) {
    sigset_t set;
    int queued = 0;
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    SHOW(setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){10, 10}));
    setuid(4321);
    while (queued < 100 && sigqueue(getpid(), 40, (union sigval){queued}) == 0)
        queued++;
    SHOW(queued);
    SHOW(sigqueue(getpid(), 40, (union sigval){0}));
    SHOW(kill(getpid(), SIGUSR1));
    sigpending(&set);
    SHOW(sigismember(&set, SIGUSR1));
    return 0;
}
