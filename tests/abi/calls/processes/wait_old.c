// SPDX-License-Identifier: MIT
// Calls: waitpid
/* The first call of this kind. */
#include "tests/abi/calls/show.h"

int main(void) {
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    SHOW(syscall(SYS_waitpid, child, &status, 0) == child);
    show_status("child", status);
    SHOW(syscall(SYS_waitpid, child, &status, 0));
    return 0;
}
