// SPDX-License-Identifier: MIT
// Calls: connect (socketcall)
/* IPv6, and IPv4 through it. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in6 place = {.sin6_family = AF_INET6}, told;
    struct sockaddr_in place_4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place;
    char text[60];
    int server = socket(AF_INET6, SOCK_STREAM, 0), client = socket(AF_INET6, SOCK_STREAM, 0);
    SHOW(bind(server, (struct sockaddr *)&place, sizeof place));
    SHOW(listen(server, 2));
    getsockname(server, (struct sockaddr *)&place, &length);
    place.sin6_addr = in6addr_loopback;
    SHOW(connect(client, (struct sockaddr *)&place, sizeof place));
    SHOW(accept(server, (struct sockaddr *)&told, &length));
    puts(inet_ntop(AF_INET6, &told.sin6_addr, text, sizeof text));
    place_4.sin_port = place.sin6_port;
    SHOW(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&place_4, sizeof place_4));
    SHOW(accept(server, (struct sockaddr *)&told, &length));
    puts(inet_ntop(AF_INET6, &told.sin6_addr, text, sizeof text));
    return 0;
}
