// SPDX-License-Identifier: MIT
// Calls: wait4
/* WNOHANG says 0 as long as children live; a bad address costs the status. */
#include "tests/abi/calls/show.h"

int main(void) {
    int end[2];
    char byte;
    pipe(end);
    pid_t child = fork();
    if (child == 0) {
        close(end[1]);
        _exit(read(end[0], &byte, 1));
    }
    SHOW(waitpid(-1, NULL, WNOHANG));
    SHOW(waitpid(-getpgrp(), NULL, WNOHANG));
    close(end[1]);
    SHOW(waitpid(-1, nowhere, 0));
    SHOW(waitpid(-1, NULL, WNOHANG));
    return 0;
}
