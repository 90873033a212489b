// SPDX-License-Identifier: MIT
// Calls: rt_sigaction, rt_sigprocmask, sigaltstack, rt_sigpending
/* Sets and actions that are nowhere. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, nowhere, 8));
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, nowhere, NULL, 8));
    SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, nowhere, 8));
    SHOW(syscall(SYS_rt_sigpending, nowhere, 8));
    SHOW(syscall(SYS_rt_sigpending, nowhere, 16));
    SHOW(syscall(SYS_sigaltstack, nowhere, NULL));
    SHOW(syscall(SYS_sigaltstack, NULL, nowhere));
    SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, nowhere));
    SHOW(syscall(SYS_rt_sigtimedwait, nowhere, NULL, NULL, 8));
    return 0;
}
