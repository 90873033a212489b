// SPDX-License-Identifier: MIT
// Calls: bind (socketcall), sendto (socketcall), recvfrom (socketcall), getsockname (socketcall)
/* Addresses and bytes that are nowhere, and lengths that are none. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place, none = (socklen_t)-1;
    int one = socket(AF_INET, SOCK_DGRAM, 0);
    SHOW(bind(one, nowhere, sizeof place));
    SHOW(bind(one, (struct sockaddr *)&place, -1));
    SHOW(bind(one, (struct sockaddr *)&place, 1000));
    SHOW(bind(one, (struct sockaddr *)&place, sizeof place));
    SHOW(getsockname(one, nowhere, &length));
    SHOW(getsockname(one, (struct sockaddr *)&place, nowhere));
    SHOW(getsockname(one, (struct sockaddr *)&place, &none));
    length = sizeof place;
    SHOW(getsockname(one, (struct sockaddr *)&place, &length));
    SHOW(sendto(one, nowhere, 4, 0, (struct sockaddr *)&place, sizeof place));
    SHOW(sendto(one, "text", 4, 0, nowhere, sizeof place));
    SHOW(sendto(one, "text", 4, 0, (struct sockaddr *)&place, sizeof place));
    SHOW(recvfrom(one, nowhere, 4, 0, NULL, NULL));
    SHOW(sendmsg(one, nowhere, 0));
    SHOW(syscall(SYS_recvmsg, one, nowhere, 0));
    return 0;
}
