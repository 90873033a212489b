// SPDX-License-Identifier: MIT
// Calls: pipe2
/* A pipe that does not wait, or is closed by exec. */
#include "tests/abi/calls/show.h"

int main(void) {
    int end[2] = {-1, -1};
    char byte;
    SHOW(pipe2(end, O_NONBLOCK | O_CLOEXEC));
    SHOW(read(end[0], &byte, 1));
    SHOW(fcntl(end[0], F_GETFL));
    SHOW(fcntl(end[1], F_GETFL));
    SHOW(fcntl(end[1], F_GETFD));
    SHOW(pipe2(end, O_APPEND));
    close(end[0]);
    close(end[1]);
    SHOW(pipe2(end, O_DIRECT));
    return 0;
}
