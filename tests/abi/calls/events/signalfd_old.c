// SPDX-License-Identifier: MIT
// Calls: signalfd
/* The call without flags; a second one changes the set. */
#include "tests/abi/calls/show.h"

int main(void) {
    sigset_t set;
    char told[128];
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    int file = SHOW(syscall(SYS_signalfd, -1, &set, 8));
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR2);
    SHOW(syscall(SYS_signalfd, file, &set, 8) == file);
    SHOW(read(file, told, sizeof told));
    SHOW(syscall(SYS_signalfd, -1, &set, 4));
    return 0;
}
