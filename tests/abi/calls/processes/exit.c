// SPDX-License-Identifier: MIT
// Calls: exit_group
/* The status is one byte. */
#include "tests/abi/calls/show.h"

int main(void) {
    for (int status = -1; status < 600; status += 200) {
        pid_t child = fork();
        if (child == 0) {
            syscall(SYS_exit_group, status);
            _exit(99);
        }
        SHOW_END(child);
    }
    return 300;
}
