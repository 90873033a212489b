// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* F_SETPIPE_SZ rounds up to pages of a power of two, and does not cut what is there. */
#include "tests/abi/calls/show.h"

static char bytes[70000];

int main(void) {
    int end[2];
    pipe2(end, O_NONBLOCK);
    SHOW(fcntl(end[0], F_GETPIPE_SZ));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 1));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 10000));
    SHOW(fcntl(end[1], F_GETPIPE_SZ));
    SHOW(write(end[1], bytes, sizeof bytes));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 4096));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 0));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 1u << 31));
    SHOW(fcntl(0, F_GETPIPE_SZ));
    return 0;
}
