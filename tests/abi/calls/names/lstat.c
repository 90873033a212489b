// SPDX-License-Identifier: MIT
// Calls: lstat64
/* A link is looked at itself: its size is the length of what it says. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct {
        char bytes[96];
    } status;
    symlink("twelve chars", "link");
    SHOW(syscall(SYS_lstat64, "link", &status));
    SHOW(*(long long *)(status.bytes + 44));
    SHOW(*(unsigned *)(status.bytes + 16));
    SHOW(syscall(SYS_lstat64, "link/", &status));
    SHOW(syscall(SYS_lstat64, "nothing", &status));
    return 0;
}
