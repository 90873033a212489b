// SPDX-License-Identifier: MIT
// Calls: bind (socketcall), listen (socketcall), connect (socketcall)
/* Descriptors that are no sockets. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

int main(void) {
    struct sockaddr any = {0};
    socklen_t length = sizeof any;
    char byte;
    SHOW(bind(0, &any, sizeof any));
    SHOW(listen(0, 1));
    SHOW(connect(0, &any, sizeof any));
    SHOW(accept(0, NULL, NULL));
    SHOW(send(0, "x", 1, 0));
    SHOW(recv(0, &byte, 1, 0));
    SHOW(getsockname(0, &any, &length));
    SHOW(shutdown(0, SHUT_RD));
    SHOW(bind(99, &any, sizeof any));
    return 0;
}
