// SPDX-License-Identifier: MIT
// Calls: rt_sigaction
/* A signal waits while its handler runs, unless SA_NODEFER; SA_RESETHAND is for once. */
#include "tests/abi/calls/show.h"

static int depth, again;

static void handle(int signal) {
    printf("in at %d\n", ++depth);
    if (again-- > 0)
        raise(signal);
    printf("out at %d\n", depth--);
}

int main(void) {
    struct sigaction action = {.sa_handler = handle}, old;
    sigaction(SIGUSR1, &action, NULL);
    again = 1;
    SHOW(raise(SIGUSR1));
    action.sa_flags = SA_NODEFER;
    sigaction(SIGUSR1, &action, NULL);
    again = 1;
    SHOW(raise(SIGUSR1));
    action.sa_flags = SA_RESETHAND;
    sigaction(SIGUSR2, &action, NULL);
    SHOW(raise(SIGUSR2));
    sigaction(SIGUSR2, NULL, &old);
    SHOW(old.sa_handler == SIG_DFL);
    return 0;
}
