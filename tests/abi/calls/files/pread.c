// SPDX-License-Identifier: MIT
// Calls: pread64
/* A read elsewhere leaves the offset alone. */
#include "tests/abi/calls/show.h"

int main(void) {
    char bytes[20] = "";
    int file = file_of("file", "0123456789"), end[2];
    SHOW(pread(file, bytes, 3, 6));
    puts(bytes);
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(pread(file, bytes, 3, 10));
    SHOW(pread(file, bytes, 3, -1));
    pipe(end);
    SHOW(pread(end[0], bytes, 3, 0));
    SHOW(pread(file, nowhere, 3, 0));
    return 0;
}
