// SPDX-License-Identifier: MIT
// Calls: umask, fork
/* A child starts with its parent's mask and folder, and changes its own. */
#include "tests/abi/calls/show.h"

int main(void) {
    umask(012);
    pid_t child = fork();
    if (child == 0) {
        SHOW(umask(077));
        _exit(0);
    }
    SHOW_END(child);
    SHOW(umask(0));
    return 0;
}
