// SPDX-License-Identifier: MIT
// Calls: _llseek
/* Offsets are of 64 bits, and a file may have a hole of gigabytes. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "");
    SHOW(lseek(file, 0x150000000, SEEK_SET));
    SHOW(write(file, "end", 3));
    SHOW(fstat(file, &status));
    SHOW(status.st_size);
    SHOW(status.st_blocks);
    return 0;
}
