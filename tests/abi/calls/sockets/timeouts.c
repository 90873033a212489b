// SPDX-License-Identifier: MIT
// Calls: setsockopt (socketcall), recvfrom (socketcall)
/* A time after which nothing came. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval soon = {0, 30000}, told = {0}, wrong = {0, 1000000};
    socklen_t length = sizeof told;
    char byte;
    int one = socket(AF_INET, SOCK_DGRAM, 0);
    bind(one, (struct sockaddr *)&place, sizeof place);
    SHOW(setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon));
    SHOW(getsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &told, &length));
    SHOW(told.tv_usec >= 30000 && told.tv_usec < 50000);
    SHOW(recv(one, &byte, 1, 0));
    SHOW(setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &wrong, sizeof wrong));
    return 0;
}
