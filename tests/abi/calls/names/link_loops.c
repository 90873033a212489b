// SPDX-License-Identifier: MIT
// Calls: open, stat64
/* Links that lead to each other, and more of them in a row than anybody follows. */
#include "tests/abi/calls/show.h"

int main(void) {
    char name[20], before[20] = "file", status[96];
    symlink("b", "a");
    symlink("a", "b");
    SHOW(open("a", O_RDONLY));
    SHOW(open("a/file", O_RDONLY));
    SHOW(syscall(SYS_stat64, "a", status));
    file_of("file", "text");
    for (int i = 0; i < 41; i++) {
        snprintf(name, sizeof name, "link%d", i);
        symlink(before, name);
        strcpy(before, name);
    }
    SHOW(open("link39", O_RDONLY) >= 0);
    SHOW(open("link40", O_RDONLY) >= 0);
    SHOW(syscall(SYS_stat64, "link40", status));
    return 0;
}
