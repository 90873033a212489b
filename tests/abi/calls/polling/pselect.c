// SPDX-License-Identifier: MIT
// Calls: pselect6, pselect6_time64
/* A mask while one waits. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    sigset_t none, all;
    struct {
        sigset_t *set;
        unsigned size;
    } mask = {&none, 8}, wrong = {&none, 4};
    int soon[2] = {0, 10000000};
    long long soon_64[2] = {0, 10000000};
    sigemptyset(&none);
    sigfillset(&all);
    signal(SIGUSR1, handle);
    sigprocmask(SIG_BLOCK, &all, NULL);
    SHOW(syscall(308, 0, NULL, NULL, NULL, soon, NULL));
    SHOW(syscall(413, 0, NULL, NULL, NULL, soon_64, NULL));
    raise(SIGUSR1);
    SHOW(syscall(308, 0, NULL, NULL, NULL, NULL, &mask));
    SHOW(syscall(308, 0, NULL, NULL, NULL, soon, &wrong));
    return 0;
}
