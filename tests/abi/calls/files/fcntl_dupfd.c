// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* F_DUPFD takes the lowest number from one on. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(fcntl(0, F_DUPFD, 30));
    SHOW(fcntl(0, F_DUPFD, 30));
    SHOW(fcntl(0, F_DUPFD_CLOEXEC, 30));
    SHOW(fcntl(31, F_GETFD));
    SHOW(fcntl(32, F_GETFD));
    SHOW(fcntl(0, F_DUPFD, -1));
    SHOW(fcntl(0, F_DUPFD, 1 << 24));
    SHOW(fcntl(99, F_DUPFD, 0));
    SHOW(fcntl(0, 9999, 0));
    return 0;
}
