// SPDX-License-Identifier: MIT
// Calls: truncate, ftruncate
/* The calls with 32 bits of length. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "0123456789");
    SHOW(syscall(SYS_truncate, "file", 5));
    show_text(file);
    SHOW(syscall(SYS_ftruncate, file, 3));
    show_text(file);
    SHOW(syscall(SYS_ftruncate, file, -1));
    return 0;
}
