// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* F_SETFL changes some flags and leaves the way of access alone. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "text");
    SHOW(fcntl(file, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY | O_CREAT));
    SHOW(fcntl(file, F_GETFL));
    SHOW(write(file, "!", 1));
    show_text(file);
    SHOW(fcntl(file, F_SETFL, 0));
    SHOW(fcntl(file, F_GETFL));
    SHOW(fcntl(file, F_SETFD, FD_CLOEXEC));
    SHOW(fcntl(file, F_GETFD));
    return 0;
}
