// SPDX-License-Identifier: MIT
// Calls: dup, dup2
/* Descriptors that were made from each other share one offset. */
#include "tests/abi/calls/show.h"

int main(void) {
    char byte;
    int file = file_of("file", "0123456789");
    int other = SHOW(dup(file));
    read(file, &byte, 1);
    SHOW(lseek(other, 0, SEEK_CUR));
    SHOW(dup2(file, 20));
    SHOW(lseek(20, 0, SEEK_CUR));
    SHOW(dup2(file, file));
    SHOW(dup2(99, 99));
    SHOW(dup2(99, 20));
    SHOW(fcntl(20, F_GETFD));
    SHOW(dup2(file, -1));
    SHOW(dup2(file, 1 << 20));
    SHOW(dup(99));
    return 0;
}
