// SPDX-License-Identifier: MIT
// Calls: dup3 (dup2)
/* dup3() may set close-on-exec, and refuses to do nothing. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(dup3(0, 10, O_CLOEXEC));
    SHOW(fcntl(10, F_GETFD));
    SHOW(dup3(0, 11, 0));
    SHOW(fcntl(11, F_GETFD));
    SHOW(dup3(10, 10, 0));
    SHOW(dup3(0, 12, O_NONBLOCK));
    SHOW(dup3(99, 12, 0));
    return 0;
}
