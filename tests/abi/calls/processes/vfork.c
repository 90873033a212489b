// SPDX-License-Identifier: MIT
// Calls: vfork
/* The parent waits for a child that has its memory. */
#include "tests/abi/calls/show.h"

int main(void) {
    static volatile int seen;
    pid_t child = SHOW_OK(vfork());
    if (child == 0) {
        seen = 1;
        _exit(4);
    }
    SHOW(seen);
    SHOW_END(child);
    return 0;
}
