// SPDX-License-Identifier: MIT
// Calls: rt_sigtimedwait
/* A signal is taken without a handler; nothing comes, and the time is up. */
#include "tests/abi/calls/show.h"

int main(void) {
    sigset_t set;
    siginfo_t told = {0};
    struct timespec now = {0, 0}, soon = {0, 20000000}, wrong = {0, -1};
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR2);
    raise(SIGUSR1);
    SHOW(sigtimedwait(&set, &told, &now));
    printf("signal %d, code %d, by itself: %d\n", told.si_signo, told.si_code,
           told.si_pid == getpid());
    SHOW(sigtimedwait(&set, NULL, NULL));
    SHOW(sigtimedwait(&set, NULL, &now));
    SHOW(sigtimedwait(&set, NULL, &soon));
    SHOW(sigtimedwait(&set, NULL, &wrong));
    SHOW(syscall(SYS_rt_sigtimedwait, &set, NULL, &now, 4));
    return 0;
}
