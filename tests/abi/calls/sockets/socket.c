// SPDX-License-Identifier: MIT
// Calls: socket (socketcall)
/* Which sockets there are. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

int main(void) {
    SHOW(socket(AF_INET, SOCK_STREAM, 0));
    SHOW(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    SHOW(fcntl(4, F_GETFD));
    SHOW(fcntl(4, F_GETFL));
    SHOW(socket(AF_INET, SOCK_STREAM, 17));
    SHOW(socket(AF_INET, 77, 0));
    SHOW(socket(99, SOCK_STREAM, 0));
    SHOW(socket(AF_INET, SOCK_STREAM | 0x100, 0));
    SHOW(socket(AF_UNIX, SOCK_STREAM, 5));
    return 0;
}
