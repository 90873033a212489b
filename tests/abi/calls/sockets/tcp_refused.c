// SPDX-License-Identifier: MIT
// Calls: connect (socketcall)
/* Nobody listens; nobody is connected. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(1), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place;
    char byte;
    int client = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(read(client, &byte, 1));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    SHOW(getpeername(client, (struct sockaddr *)&place, &length));
    SHOW(connect(client, (struct sockaddr *)&place, sizeof place));
    SHOW(connect(client, (struct sockaddr *)&place, 4));
    place.sin_family = AF_UNIX;
    SHOW(connect(client, (struct sockaddr *)&place, sizeof place));
    SHOW(accept(client, NULL, NULL));
    SHOW(shutdown(client, SHUT_WR));
    return 0;
}
