// SPDX-License-Identifier: MIT
// Calls: ioctl
/* How much waits to be read. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place;
    int count = -1, one = socket(AF_INET, SOCK_DGRAM, 0);
    bind(one, (struct sockaddr *)&place, sizeof place);
    getsockname(one, (struct sockaddr *)&place, &length);
    SHOW(ioctl(one, FIONREAD, &count));
    SHOW(count);
    sendto(one, "four", 4, 0, (struct sockaddr *)&place, sizeof place);
    sendto(one, "more", 4, 0, (struct sockaddr *)&place, sizeof place);
    SHOW(ioctl(one, FIONREAD, &count));
    SHOW(count);
    SHOW(ioctl(one, FIONREAD, nowhere));
    SHOW(ioctl(one, 0x5499, &count));
    return 0;
}
