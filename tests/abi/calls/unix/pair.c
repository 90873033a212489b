// SPDX-License-Identifier: MIT
// Calls: socketpair (socketcall)
/* Two ends of a stream. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

int main(void) {
    char bytes[10] = "";
    int end[2] = {-1, -1};
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, end));
    SHOW(write(end[0], "one", 3));
    SHOW(write(end[0], "two", 3));
    SHOW(read(end[1], bytes, sizeof bytes));
    puts(bytes);
    SHOW(shutdown(end[0], SHUT_WR));
    SHOW(read(end[1], bytes, sizeof bytes));
    SHOW(write(end[1], "back", 4));
    SHOW(read(end[0], bytes, sizeof bytes));
    SHOW(socketpair(AF_UNIX, 77, 0, end));
    SHOW(socketpair(AF_INET, SOCK_STREAM, 0, end));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere));
    return 0;
}
