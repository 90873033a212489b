// SPDX-License-Identifier: MIT
// Calls: rt_sigaction
/* What was said before is told; two signals are not to be caught. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_NODEFER}, old;
    sigaddset(&action.sa_mask, SIGTERM);
    SHOW(sigaction(SIGUSR1, &action, NULL));
    SHOW(sigaction(SIGUSR1, NULL, &old));
    SHOW(old.sa_handler == handle);
    SHOW(old.sa_flags == (SA_NODEFER | 0x04000000));
    SHOW(sigismember(&old.sa_mask, SIGTERM));
    SHOW(raise(SIGUSR1));
    SHOW(sigaction(SIGKILL, &action, NULL));
    SHOW(sigaction(SIGKILL, NULL, &old));
    SHOW(sigaction(SIGSTOP, &action, NULL));
    SHOW(syscall(SYS_rt_sigaction, 65, NULL, &old, 8));
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &old, 4));
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, nowhere, NULL, 8));
    return 0;
}
