// SPDX-License-Identifier: MIT
// Calls: execve
/* Ignored signals and the mask outlive exec, handlers do not. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    (void)signal;
}

int main(int count, char **words) {
    struct sigaction action;
    sigset_t set;
    (void)words;
    if (count > 1) {
        sigaction(SIGUSR1, NULL, &action);
        SHOW(action.sa_handler == SIG_IGN);
        sigaction(SIGUSR2, NULL, &action);
        SHOW(action.sa_handler == SIG_DFL);
        sigprocmask(SIG_BLOCK, NULL, &set);
        SHOW(sigismember(&set, SIGINT));
        SHOW(sigismember(&set, SIGTERM));
        sigpending(&set);
        SHOW(sigismember(&set, SIGINT));
        return 0;
    }
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, handle);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGINT);
    SHOW(execl("/proc/self/exe", "name", "again", NULL));
    return 1;
}
