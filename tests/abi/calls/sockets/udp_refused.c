// SPDX-License-Identifier: MIT
// Calls: connect (socketcall)
/* What nobody takes is told at the next call, if the socket is connected. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(1), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    char byte;
    int one = socket(AF_INET, SOCK_DGRAM, 0);
    SHOW(connect(one, (struct sockaddr *)&place, sizeof place));
    SHOW(send(one, "x", 1, 0));
    SHOW(recv(one, &byte, 1, MSG_DONTWAIT));
    SHOW(recv(one, &byte, 1, MSG_DONTWAIT));
    place.sin_family = AF_UNSPEC;
    SHOW(connect(one, (struct sockaddr *)&place, sizeof place));
    SHOW(send(one, "x", 1, 0));
    return 0;
}
