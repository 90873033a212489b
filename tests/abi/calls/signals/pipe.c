// SPDX-License-Identifier: MIT
// Calls: write
/* A pipe that nobody reads is a signal, and an error for who ignores it. */
#include "tests/abi/calls/show.h"

int main(void) {
    int end[2];
    pipe(end);
    close(end[0]);
    pid_t child = fork();
    if (child == 0)
        _exit(write(end[1], "x", 1) == 1);
    SHOW_END(child);
    signal(SIGPIPE, SIG_IGN);
    SHOW(write(end[1], "x", 1));
    return 0;
}
