// SPDX-License-Identifier: MIT
// Calls: read, close
/* What was not read when an end is closed is an error for the other one. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

int main(void) {
    int end[2];
    char byte;
    socketpair(AF_UNIX, SOCK_STREAM, 0, end);
    write(end[0], "unread", 6);
    SHOW(close(end[1]));
    SHOW(read(end[0], &byte, 1));
    SHOW(read(end[0], &byte, 1));
    return 0;
}
