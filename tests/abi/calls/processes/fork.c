// SPDX-License-Identifier: MIT
// Calls: fork, getppid
/* Two of one: each has its own number, and the child knows its parent. */
#include "tests/abi/calls/show.h"

int main(void) {
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        SHOW(getppid() == parent);
        SHOW(getpid() != parent);
        _exit(5);
    }
    SHOW_END(child);
    SHOW(getpid() == parent);
    return 0;
}
