// SPDX-License-Identifier: MIT
// Calls: nanosleep, poll
/* Sleeps and polls end at a signal, whatever SA_RESTART says; the rest of the time is told. */
#include "tests/abi/calls/show.h"

#include <poll.h>

static void handle(int signal) {
    (void)signal;
}

static pid_t kick(void) {
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        sleep_ms(50);
        kill(parent, SIGUSR1);
        _exit(0);
    }
    return child;
}

int main(void) {
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    struct timespec rest = {0};
    sigaction(SIGUSR1, &action, NULL);
    pid_t child = kick();
    SHOW(nanosleep(&(struct timespec){2, 0}, &rest));
    SHOW(rest.tv_sec);
    waitpid(child, NULL, 0);
    child = kick();
    SHOW(poll(NULL, 0, 2000));
    waitpid(child, NULL, 0);
    return 0;
}
