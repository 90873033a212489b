// SPDX-License-Identifier: MIT
// Calls: execve, wait4, waitid, uname
/* Words, statuses and names that are nowhere. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_execve, nowhere, NULL, NULL));
    SHOW(syscall(SYS_execve, "/proc/self/exe", nowhere, NULL));
    SHOW(syscall(SYS_execve, "/proc/self/exe", NULL, nowhere));
    if (fork() == 0)
        _exit(0);
    SHOW(syscall(SYS_wait4, -1, nowhere, 0, NULL));
    if (fork() == 0)
        _exit(0);
    SHOW(syscall(SYS_waitid, 0, 0, nowhere, WEXITED, NULL));
    SHOW(syscall(SYS_uname, nowhere));
    SHOW(syscall(SYS_sysinfo, nowhere));
    SHOW(syscall(SYS_getcwd, nowhere, 100));
    SHOW(syscall(SYS_prctl, 16, nowhere));
    return 0;
}
