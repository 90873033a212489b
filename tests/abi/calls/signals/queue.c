// SPDX-License-Identifier: MIT
// Calls: rt_sigqueueinfo
/* Real-time signals are counted, come in order and bring a value. */
#include "tests/abi/calls/show.h"

static void handle(int signal, siginfo_t *told, void *context) {
    (void)context;
    printf("signal %d, code %d, value %d\n", signal, told->si_code, told->si_value.sival_int);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    sigset_t set, old;
    sigfillset(&set);
    sigfillset(&action.sa_mask);
    sigaction(40, &action, NULL);
    sigaction(41, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigprocmask(SIG_BLOCK, &set, &old);
    SHOW(sigqueue(getpid(), 41, (union sigval){1}));
    SHOW(sigqueue(getpid(), 40, (union sigval){2}));
    SHOW(sigqueue(getpid(), 40, (union sigval){3}));
    SHOW(sigqueue(getpid(), SIGUSR1, (union sigval){4}));
    SHOW(sigqueue(getpid(), SIGUSR1, (union sigval){5}));
    SHOW(sigqueue(99999, 40, (union sigval){6}));
    SHOW(sigqueue(getpid(), 65, (union sigval){7}));
    sigprocmask(SIG_SETMASK, &old, NULL);
    return 0;
}
