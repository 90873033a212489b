// SPDX-License-Identifier: MIT
// Calls: lchown32, fchown32
/* A link itself, and what a descriptor stands for. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text");
    symlink("file", "link");
    SHOW(lchown("link", 1000, 1000));
    lstat("link", &status);
    SHOW(status.st_uid);
    stat("link", &status);
    SHOW(status.st_uid);
    SHOW(fchown(file, 1001, -1));
    fstat(file, &status);
    SHOW(status.st_uid);
    SHOW(fchown(99, 0, 0));
    return 0;
}
