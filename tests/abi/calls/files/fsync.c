// SPDX-License-Identifier: MIT
// Calls: fsync, fdatasync
/* What is written can be said to be safe, of files and of nothing else. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "text"), end[2];
    SHOW(fsync(file));
    SHOW(fdatasync(file));
    SHOW(fsync(open(".", O_RDONLY)));
    pipe(end);
    SHOW(fsync(end[0]));
    SHOW(fdatasync(end[1]));
    SHOW(fsync(99));
    return 0;
}
