// SPDX-License-Identifier: MIT
// Calls: _llseek
/* Offsets from the start, the place and the end; what lies before the start is refused. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "0123456789");
    SHOW(lseek(file, 4, SEEK_SET));
    SHOW(lseek(file, -1, SEEK_CUR));
    SHOW(lseek(file, -2, SEEK_END));
    SHOW(lseek(file, 100, SEEK_END));
    SHOW(lseek(file, -1, SEEK_SET));
    SHOW(lseek(file, 0, 9));
    SHOW(lseek(99, 0, SEEK_SET));
    int end[2];
    pipe(end);
    SHOW(lseek(end[0], 0, SEEK_CUR));
    return 0;
}
