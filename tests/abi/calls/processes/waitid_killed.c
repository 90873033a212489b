// SPDX-License-Identifier: MIT
// Calls: waitid
/* How a child was killed, stopped and continued, in numbers. */
#include "tests/abi/calls/show.h"

static void show_next(pid_t child, int options) {
    siginfo_t told = {0};
    SHOW(waitid(P_PID, child, &told, options));
    printf("code %d, status %d\n", told.si_code, told.si_status);
}

int main(void) {
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        pause();
    }
    show_next(child, WSTOPPED);
    kill(child, SIGCONT);
    show_next(child, WCONTINUED);
    kill(child, SIGTERM);
    show_next(child, WEXITED);
    return 0;
}
