// SPDX-License-Identifier: MIT
// Calls: wait4
/* Whom one can wait for. */
#include "tests/abi/calls/show.h"

int main(void) {
    int status;
    SHOW(wait(NULL));
    pid_t child = fork();
    if (child == 0)
        _exit(3);
    SHOW(waitpid(child, &status, 0) == child);
    show_status("child", status);
    SHOW(waitpid(child, &status, 0));
    SHOW(waitpid(getpid(), &status, 0));
    SHOW(waitpid(-1, &status, 0x100));
    SHOW(waitpid(-1, &status, WNOHANG));
    return 0;
}
