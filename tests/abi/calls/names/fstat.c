// SPDX-License-Identifier: MIT
// Calls: fstat64
/* A descriptor is looked at, whatever it is of. */
#include "tests/abi/calls/show.h"

int main(void) {
    char status[96];
    int file = file_of("file", "text"), end[2];
    pipe(end);
    SHOW(syscall(SYS_fstat64, file, status));
    SHOW(*(long long *)(status + 44));
    SHOW(syscall(SYS_fstat64, end[0], status));
    SHOW(*(unsigned *)(status + 16));
    unlink("file");
    SHOW(syscall(SYS_fstat64, file, status));
    SHOW(*(unsigned *)(status + 20));
    SHOW(syscall(SYS_fstat64, 99, status));
    SHOW(syscall(SYS_fstat64, file, nowhere));
    return 0;
}
