// SPDX-License-Identifier: MIT
// Calls: setpgid, getpgid
/* Processes are put into groups, until they have run a program. */
#include "tests/abi/calls/show.h"

int main(void) {
    int end[2];
    char byte;
    SHOW(getpgid(0) == getpid());
    pipe(end);
    pid_t child = fork();
    if (child == 0) {
        close(end[1]);
        read(end[0], &byte, 1);
        _exit(getpgrp() == getpid());
    }
    SHOW(getpgid(child) == getpid());
    SHOW(setpgid(child, child));
    SHOW(getpgid(child) == child);
    SHOW(setpgid(child, 99999));
    SHOW(setpgid(99999, 0));
    SHOW(setpgid(child, -1));
    SHOW(setpgid(0, 0));
    SHOW(getpgid(99999));
    close(end[1]);
    SHOW_END(child);
    return 0;
}
