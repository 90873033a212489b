// SPDX-License-Identifier: MIT
// Calls: sigprocmask, sigpending
/* The calls with sets of 32 signals. */
#include "tests/abi/calls/show.h"

int main(void) {
    unsigned set = 1u << (SIGUSR1 - 1), old = 0;
    SHOW(syscall(SYS_sigprocmask, SIG_BLOCK, &set, NULL));
    raise(SIGUSR1);
    SHOW(syscall(SYS_sigpending, &old));
    SHOW(old == set);
    SHOW(syscall(SYS_sigprocmask, SIG_SETMASK, NULL, &old));
    SHOW(old == set);
    SHOW(syscall(SYS_sigprocmask, 9, &set, NULL));
    return 0;
}
