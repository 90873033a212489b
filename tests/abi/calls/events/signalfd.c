// SPDX-License-Identifier: MIT
// Calls: signalfd4
/* Blocked signals are read as bytes. */
#include "tests/abi/calls/show.h"

#include <sys/signalfd.h>

int main(void) {
    struct signalfd_siginfo told[2] = {{0}};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, 40);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int file = SHOW(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    SHOW(read(file, told, sizeof told));
    raise(SIGUSR1);
    sigqueue(getpid(), 40, (union sigval){9});
    SHOW(read(file, told, 10));
    SHOW(read(file, told, sizeof told));
    printf("%u, then %u with %d\n", told[0].ssi_signo, told[1].ssi_signo, told[1].ssi_int);
    SHOW(signalfd(0, &set, 0));
    SHOW(signalfd(99, &set, 0));
    SHOW(signalfd(-1, &set, 1));
    SHOW(write(file, told, sizeof told));
    return 0;
}
