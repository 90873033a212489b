// SPDX-License-Identifier: MIT
// Calls: getsockopt (socketcall)
/* What sockets tell of themselves. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

static void show(int socket, const char *name, int option) {
    int value = -1;
    socklen_t length = sizeof value;
    int result = getsockopt(socket, SOL_SOCKET, option, &value, &length);
    printf("%s: %s %d, %u bytes\n", name, result ? strerror(errno) : "ok", value, length);
}

int main(void) {
    int stream = socket(AF_UNIX, SOCK_STREAM, 0), datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    for (int i = 0; i < 2; i++) {
        int one = i ? datagrams : stream;
        show(one, "type", SO_TYPE);
        show(one, "domain", SO_DOMAIN);
        show(one, "protocol", SO_PROTOCOL);
        show(one, "error", SO_ERROR);
        show(one, "accepts", SO_ACCEPTCONN);
        show(one, "keepalive", SO_KEEPALIVE);
        show(one, "broadcast", SO_BROADCAST);
        show(one, "reuse", SO_REUSEADDR);
        show(one, "nothing", 9999);
    }
    show(0, "no socket", SO_TYPE);
    show(99, "nothing at all", SO_TYPE);
    return 0;
}
