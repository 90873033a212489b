// SPDX-License-Identifier: MIT
// Calls: connect (socketcall), accept4 (socketcall)
/* A connection over the loopback. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}}, told;
    socklen_t length = sizeof place;
    char bytes[10] = "";
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(bind(server, (struct sockaddr *)&place, sizeof place));
    SHOW(listen(server, 5));
    SHOW(getsockname(server, (struct sockaddr *)&place, &length));
    SHOW(connect(client, (struct sockaddr *)&place, sizeof place));
    int peer = SHOW(accept4(server, (struct sockaddr *)&told, &length, 0));
    puts(inet_ntoa(told.sin_addr));
    SHOW(write(client, "text", 4));
    SHOW(read(peer, bytes, sizeof bytes));
    SHOW(shutdown(client, SHUT_WR));
    SHOW(read(peer, bytes, sizeof bytes));
    SHOW(write(peer, "back", 4));
    SHOW(read(client, bytes, sizeof bytes));
    SHOW(connect(client, (struct sockaddr *)&place, sizeof place));
    return 0;
}
