// SPDX-License-Identifier: MIT
// Calls: creat
/* creat() makes or empties, for writing alone. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    char byte;
    umask(022);
    int file = (int)syscall(SYS_creat, "file", 0666);
    SHOW(write(file, "text", 4));
    SHOW(pread(file, &byte, 1, 0));
    SHOW(stat("file", &status));
    SHOW(status.st_mode);
    SHOW(syscall(SYS_creat, "file", 0600));
    SHOW(stat("file", &status));
    SHOW(status.st_mode);
    SHOW(status.st_size);
    return 0;
}
