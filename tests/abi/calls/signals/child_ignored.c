// SPDX-License-Identifier: MIT
// Calls: rt_sigaction, wait4
/* Whoever ignores SIGCHLD has no dead children. */
#include "tests/abi/calls/show.h"

int main(void) {
    signal(SIGCHLD, SIG_IGN);
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    SHOW(waitpid(child, NULL, 0));
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &action, NULL);
    child = fork();
    if (child == 0)
        _exit(0);
    SHOW(waitpid(child, NULL, 0));
    return 0;
}
