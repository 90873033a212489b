// SPDX-License-Identifier: MIT
// Calls: rt_sigaction, rt_sigreturn
/* The mask of an action holds while it runs, and what waited comes then. */
#include "tests/abi/calls/show.h"

static void first(int signal, siginfo_t *information, void *context) {
    (void)information, (void)context;
    printf("first in\n");
    raise(SIGUSR2);
    printf("first out, signal %d\n", signal);
}

static void second(int signal) {
    printf("second, signal %d\n", signal);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = first, .sa_flags = SA_SIGINFO};
    sigaddset(&action.sa_mask, SIGUSR2);
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGUSR2, second);
    SHOW(raise(SIGUSR1));
    return 0;
}
