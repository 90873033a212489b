// SPDX-License-Identifier: MIT
// Calls: setsockopt (socketcall)
/* SO_LINGER of no time: the other side is reset. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place;
    struct linger now = {1, 0};
    char byte;
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    bind(server, (struct sockaddr *)&place, sizeof place);
    getsockname(server, (struct sockaddr *)&place, &length);
    listen(server, 1);
    connect(client, (struct sockaddr *)&place, sizeof place);
    int peer = accept(server, NULL, NULL);
    SHOW(setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now));
    close(client);
    SHOW(read(peer, &byte, 1));
    SHOW(send(peer, "x", 1, MSG_NOSIGNAL));
    return 0;
}
