// SPDX-License-Identifier: MIT
// Calls: socketpair (socketcall)
/* SOCK_SEQPACKET keeps where a message ends. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

int main(void) {
    char bytes[10] = "";
    int end[2] = {-1, -1};
    SHOW(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, end));
    SHOW(send(end[0], "one", 3, 0));
    SHOW(send(end[0], "other", 5, 0));
    SHOW(recv(end[1], bytes, sizeof bytes, 0));
    SHOW(recv(end[1], bytes, 2, MSG_TRUNC));
    SHOW(recv(end[1], bytes, sizeof bytes, 0));
    close(end[0]);
    SHOW(recv(end[1], bytes, sizeof bytes, 0));
    SHOW(send(end[1], "x", 1, MSG_NOSIGNAL));
    return 0;
}
