// SPDX-License-Identifier: MIT
// Calls: kill, rt_sigaction
/* SIGCONT wakes also who ignores it or catches it; SIGSTOP waits for nobody. */
#include "tests/abi/calls/show.h"

static volatile sig_atomic_t seen;

static void handle(int signal) {
    seen = signal;
}

int main(void) {
    int status;
    signal(SIGCONT, handle);
    pid_t child = fork();
    if (child == 0) {
        sigset_t all;
        sigfillset(&all);
        sigdelset(&all, SIGCONT);
        sigprocmask(SIG_SETMASK, &all, NULL);
        raise(SIGSTOP);
        _exit(seen);
    }
    SHOW(waitpid(child, &status, WUNTRACED) == child);
    show_status("child", status);
    SHOW(kill(child, SIGTERM));
    SHOW(kill(child, SIGCONT));
    SHOW_END(child);
    return 0;
}
