// SPDX-License-Identifier: MIT
// Calls: rt_sigaction, read
/* A read that a signal interrupts goes on with SA_RESTART, and ends without. */
#include "tests/abi/calls/show.h"

static int end[2];

static void handle(int signal) {
    (void)signal;
}

static ssize_t read_late(int flags) {
    struct sigaction action = {.sa_handler = handle, .sa_flags = flags};
    pid_t parent = getpid();
    char byte;
    sigaction(SIGUSR1, &action, NULL);
    pid_t child = fork();
    if (child == 0) {
        sleep_ms(40);
        kill(parent, SIGUSR1);
        sleep_ms(40);
        write(end[1], "", 1);
        _exit(0);
    }
    ssize_t result = read(end[0], &byte, 1);
    int error = errno;
    waitpid(child, NULL, 0);
    if (result < 0)
        read(end[0], &byte, 1);
    errno = error;
    return result;
}

int main(void) {
    pipe(end);
    SHOW(read_late(SA_RESTART));
    SHOW(read_late(0));
    return 0;
}
