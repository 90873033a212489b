// SPDX-License-Identifier: MIT
// Calls: ioctl
/* FIONREAD: how much waits. */
#include "tests/abi/calls/show.h"

int main(void) {
    int end[2], count = -1;
    pipe(end);
    SHOW(ioctl(end[0], FIONREAD, &count));
    SHOW(count);
    write(end[1], "text", 4);
    SHOW(ioctl(end[0], FIONREAD, &count));
    SHOW(count);
    SHOW(ioctl(end[0], FIONREAD, nowhere));
    SHOW(ioctl(end[0], 0x5401, &count));
    int one = 1;
    SHOW(ioctl(end[0], FIONBIO, &one));
    SHOW(fcntl(end[0], F_GETFL));
    return 0;
}
