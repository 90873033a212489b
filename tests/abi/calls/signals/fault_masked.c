// SPDX-License-Identifier: MIT
// Calls: rt_sigprocmask
/* A fault whose signal is blocked or ignored ends the process all the same. */
#include "tests/abi/calls/show.h"

static volatile int *volatile zero;

int main(void) {
    sigset_t set;
    sigfillset(&set);
    pid_t child = fork();
    if (child == 0) {
        if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
            _exit(1);
        raise(SIGTERM);
        _exit(*zero);
    }
    SHOW_END(child);
    child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_IGN);
        _exit(*zero);
    }
    SHOW_END(child);
    return 0;
}
