// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* Who is not root does not go beyond a megabyte. */
#include "tests/abi/calls/show.h"

int main(void) {
    int end[2];
    pipe(end);
    setuid(1000);
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 1 << 18));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 1 << 21));
    return 0;
}
