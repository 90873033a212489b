// SPDX-License-Identifier: MIT
// Calls: pwrite64
/* A write elsewhere leaves the offset alone, and a hole behind it where it is beyond the end. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "0123456789"), appending = open("file", O_WRONLY | O_APPEND), end[2];
    SHOW(pwrite(file, "abc", 3, 2));
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(pwrite(file, "z", 1, 12));
    SHOW(pwrite(file, "z", 1, -1));
    SHOW(pwrite(appending, "A", 1, 0));
    show_text(file);
    fstat(file, &status);
    SHOW(status.st_size);
    pipe(end);
    SHOW(pwrite(end[1], "z", 1, 0));
    return 0;
}
