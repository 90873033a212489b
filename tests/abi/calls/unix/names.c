// SPDX-License-Identifier: MIT
// Calls: bind (socketcall), connect (socketcall), listen (socketcall), accept4 (socketcall)
/* A server at a path. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>
#include <sys/un.h>

int main(void) {
    struct sockaddr_un name = {AF_UNIX, "server"}, told = {0};
    socklen_t length = sizeof told;
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0),
        client = socket(AF_UNIX, SOCK_STREAM, 0);
    SHOW(connect(client, (struct sockaddr *)&name, sizeof name));
    SHOW(bind(server, (struct sockaddr *)&name, sizeof name));
    SHOW(connect(client, (struct sockaddr *)&name, sizeof name));
    SHOW(listen(server, 1));
    SHOW(accept4(server, NULL, NULL, 0));
    SHOW(connect(client, (struct sockaddr *)&name, sizeof name));
    int peer = SHOW(accept4(server, (struct sockaddr *)&told, &length, SOCK_CLOEXEC));
    printf("family %u, %u bytes\n", told.sun_family, length);
    length = sizeof told;
    SHOW(getpeername(client, (struct sockaddr *)&told, &length));
    printf("%s, %u bytes\n", told.sun_path, length);
    SHOW(write(client, "text", 4));
    SHOW(read(peer, told.sun_path, 10));
    close(server);
    SHOW(access("server", F_OK));
    SHOW(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name));
    return 0;
}
