// SPDX-License-Identifier: MIT
// Calls: poll, shutdown (socketcall)
/* What a poll sees as an end closes in parts. */
#include "tests/abi/calls/show.h"

#include <poll.h>
#include <sys/socket.h>

static int look(int socket) {
    struct pollfd one = {socket, POLLIN | POLLOUT | POLLRDHUP, 0};
    if (poll(&one, 1, 0) < 0)
        perror("poll");
    return one.revents;
}

int main(void) {
    int end[2];
    char byte;
    socketpair(AF_UNIX, SOCK_STREAM, 0, end);
    SHOW(look(end[0]));
    SHOW(shutdown(end[1], SHUT_WR));
    SHOW(look(end[0]));
    SHOW(shutdown(end[1], SHUT_RD));
    SHOW(look(end[0]));
    signal(SIGPIPE, SIG_IGN);
    SHOW(write(end[0], "x", 1));
    SHOW(read(end[0], &byte, 1));
    close(end[1]);
    SHOW(look(end[0]));
    SHOW(shutdown(end[0], 9));
    SHOW(shutdown(socket(AF_UNIX, SOCK_STREAM, 0), SHUT_RD));
    return 0;
}
