// SPDX-License-Identifier: MIT
// Calls: setsid, getsid
/* A new session for who leads no group. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(getsid(0) == getpid());
    SHOW_OK(setsid());
    pid_t child = fork();
    if (child == 0) {
        SHOW(setsid() == getpid());
        SHOW(getsid(0) == getpid());
        SHOW(getpgrp() == getpid());
        SHOW(setpgid(0, 0));
        _exit(0);
    }
    SHOW_END(child);
    SHOW(getsid(99999));
    return 0;
}
