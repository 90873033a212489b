// SPDX-License-Identifier: MIT
// Calls: epoll_pwait, epoll_pwait2
/* A mask while one waits; a time of nanoseconds. */
#include "tests/abi/calls/show.h"

#include <sys/epoll.h>

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    struct epoll_event told;
    sigset_t none, all;
    long long soon[2] = {0, 10000000}, wrong[2] = {0, -1};
    int poller = epoll_create1(0);
    sigemptyset(&none);
    sigfillset(&all);
    signal(SIGUSR1, handle);
    sigprocmask(SIG_BLOCK, &all, NULL);
    raise(SIGUSR1);
    SHOW(epoll_pwait(poller, &told, 1, 2000, &none));
    SHOW(epoll_pwait(poller, &told, 1, 10, &none));
    SHOW(syscall(441, poller, &told, 1, soon, NULL, 0));
    SHOW(syscall(441, poller, &told, 1, wrong, NULL, 0));
    SHOW(syscall(SYS_epoll_pwait, poller, &told, 1, 0, &none, 4));
    return 0;
}
