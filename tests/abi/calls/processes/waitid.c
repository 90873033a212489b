// SPDX-License-Identifier: MIT
// Calls: waitid
/* What became of a child, without taking it away first. */
#include "tests/abi/calls/show.h"

int main(void) {
    siginfo_t told = {0};
    pid_t child = fork();
    if (child == 0)
        _exit(6);
    SHOW(waitid(P_PID, child, &told, WEXITED | WNOWAIT));
    printf("signal %d, code %d, status %d, the child: %d\n", told.si_signo, told.si_code,
           told.si_status, told.si_pid == child);
    SHOW(waitid(P_PID, child, &told, WEXITED));
    SHOW(waitid(P_ALL, 0, &told, WEXITED));
    SHOW(waitid(P_ALL, 0, &told, 0));
    SHOW(waitid(9, 0, &told, WEXITED));
    return 0;
}
