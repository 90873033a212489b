// SPDX-License-Identifier: MIT
// Calls: lseek
/* The old call answers 32 bits. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "0123456789");
    SHOW(syscall(SYS_lseek, file, 5, SEEK_SET));
    SHOW(syscall(SYS_lseek, file, -1, SEEK_CUR));
    SHOW(syscall(SYS_lseek, file, -6, SEEK_CUR));
    SHOW(syscall(SYS_lseek, file, 0, SEEK_END));
    return 0;
}
