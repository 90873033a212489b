// SPDX-License-Identifier: MIT
// Calls: pause
/* Until a signal is caught, not one that is ignored. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    pid_t parent = getpid();
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, handle);
    if (fork() == 0) {
        sleep_ms(30);
        kill(parent, SIGUSR1);
        sleep_ms(30);
        kill(parent, SIGUSR2);
        _exit(0);
    }
    SHOW(pause());
    return 0;
}
