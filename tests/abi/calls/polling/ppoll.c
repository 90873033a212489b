// SPDX-License-Identifier: MIT
// Calls: ppoll
/* A mask while one waits, and the time that is left. */
#include "tests/abi/calls/show.h"

#include <poll.h>

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    int soon[2] = {0, 20000000}, wrong[2] = {0, 1000000000}, late[2] = {5, 0};
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    signal(SIGUSR1, handle);
    sigprocmask(SIG_BLOCK, &all, NULL);
    SHOW(syscall(309, NULL, 0, soon, NULL, 8));
    printf("left: %d %d\n", soon[0], soon[1]);
    SHOW(syscall(309, NULL, 0, wrong, NULL, 8));
    raise(SIGUSR1);
    SHOW(syscall(309, NULL, 0, late, &none, 8));
    SHOW(syscall(309, NULL, 0, late, &none, 4));
    return 0;
}
