// SPDX-License-Identifier: MIT
// Calls: _llseek
/* SEEK_DATA and SEEK_HOLE tell where a file has pages. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "");
    pwrite(file, "x", 1, 0);
    pwrite(file, "x", 1, 1 << 20);
    SHOW(lseek(file, 0, SEEK_DATA));
    SHOW(lseek(file, 0, SEEK_HOLE));
    SHOW(lseek(file, 100000, SEEK_DATA));
    SHOW(lseek(file, 100000, SEEK_HOLE));
    SHOW(lseek(file, 1 << 20, SEEK_HOLE));
    SHOW(lseek(file, (1 << 20) + 1, SEEK_DATA));
    SHOW(lseek(file, -1, SEEK_DATA));
    return 0;
}
