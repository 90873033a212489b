// SPDX-License-Identifier: MIT
// Calls: wait4, kill
/* A child is stopped and goes on, and each is told once. */
#include "tests/abi/calls/show.h"

int main(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(0);
    }
    SHOW(waitpid(child, &status, WUNTRACED) == child);
    show_status("child", status);
    SHOW(waitpid(child, &status, WUNTRACED | WNOHANG));
    SHOW(kill(child, SIGKILL));
    SHOW_END(child);
    return 0;
}
