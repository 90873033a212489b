// SPDX-License-Identifier: MIT
// Calls: close_range
/* A range of descriptors is closed at once, or marked to be closed by exec. */
#include "tests/abi/calls/show.h"

#define CLOSE_ON_EXEC 4

int main(void) {
    for (int i = 3; i < 10; i++)
        dup(0);
    SHOW(syscall(SYS_close_range, 4, 6, 0));
    SHOW(fcntl(3, F_GETFD));
    SHOW(fcntl(5, F_GETFD));
    SHOW(syscall(SYS_close_range, 8, ~0U, CLOSE_ON_EXEC));
    SHOW(fcntl(7, F_GETFD));
    SHOW(fcntl(9, F_GETFD));
    SHOW(syscall(SYS_close_range, 9, 8, 0));
    SHOW(syscall(SYS_close_range, 3, 8, 64));
    SHOW(syscall(SYS_close_range, 1000, 2000, 0));
    return 0;
}
