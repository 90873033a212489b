// SPDX-License-Identifier: MIT
// Calls: exit
/* exit(2) ends a thread; the last one ends the process. */
#include "tests/abi/calls/show.h"

int main(void) {
    pid_t child = fork();
    if (child == 0) {
        syscall(SYS_exit, 9);
        _exit(1);
    }
    SHOW_END(child);
    return 0;
}
