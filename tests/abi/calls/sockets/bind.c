// SPDX-License-Identifier: MIT
// Calls: bind (socketcall)
/* Places that cannot be had. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_port = htons(5000)};
    int one = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(bind(one, (struct sockaddr *)&place, sizeof place));
    listen(one, 1);
    SHOW(bind(other, (struct sockaddr *)&place, sizeof place));
    SHOW(bind(one, (struct sockaddr *)&place, sizeof place));
    place.sin_port = htons(5001);
    SHOW(bind(other, (struct sockaddr *)&place, 8));
    SHOW(bind(other, nowhere, sizeof place));
    place.sin_addr.s_addr = htonl(0x08080808);
    SHOW(bind(other, (struct sockaddr *)&place, sizeof place));
    return 0;
}
