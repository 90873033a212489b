// SPDX-License-Identifier: MIT
// Calls: tkill, tgkill
/* To one thread, whose process may be told as well. */
#include "tests/abi/calls/show.h"

int main(void) {
    signal(SIGUSR1, SIG_IGN);
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    SHOW(syscall(SYS_tkill, child, 0));
    SHOW(syscall(SYS_tgkill, child, child, SIGUSR1));
    SHOW(syscall(SYS_tgkill, getpid(), child, 0));
    SHOW(syscall(SYS_tgkill, -1, child, 0));
    SHOW(syscall(SYS_tkill, -1, 0));
    SHOW(syscall(SYS_tkill, 99999, 0));
    SHOW(syscall(SYS_tkill, child, SIGKILL));
    SHOW_END(child);
    return 0;
}
