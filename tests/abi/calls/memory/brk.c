// SPDX-License-Identifier: MIT
// Calls: brk
/* The heap's end is moved, and stays where it is if it cannot be. */
#include "tests/abi/calls/show.h"

int main(void) {
    char *end = (char *)syscall(SYS_brk, 0);
    SHOW((char *)syscall(SYS_brk, end + 10000) == end + 10000);
    end[9999] = 1;
    SHOW((char *)syscall(SYS_brk, end + 100) == end + 100);
    SHOW((char *)syscall(SYS_brk, end + 10000) == end + 10000);
    SHOW(end[9999]);
    SHOW((char *)syscall(SYS_brk, 4096) == end + 10000);
    SHOW((char *)syscall(SYS_brk, 0xfffff000) == end + 10000);
    return 0;
}
