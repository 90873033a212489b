// SPDX-License-Identifier: MIT
// Calls: open
/* What another user may see of a process. */
#include "tests/abi/calls/show.h"

int main(void) {
    char path[40], text[100];
    pid_t roots = getpid(), child = fork();
    if (child == 0) {
        setuid(1000);
        snprintf(path, sizeof path, "/proc/%d/stat", roots);
        SHOW(open(path, O_RDONLY) >= 0);
        snprintf(path, sizeof path, "/proc/%d/environ", roots);
        SHOW(open(path, O_RDONLY));
        snprintf(path, sizeof path, "/proc/%d/exe", roots);
        SHOW(readlink(path, text, sizeof text));
        snprintf(path, sizeof path, "/proc/%d/fd", roots);
        SHOW(open(path, O_RDONLY));
        snprintf(path, sizeof path, "/proc/%d/cwd", roots);
        SHOW(open(path, O_RDONLY));
        _exit(0);
    }
    SHOW_END(child);
    return 0;
}
