// SPDX-License-Identifier: MIT
// Calls: sendto (socketcall), recvfrom (socketcall)
/* Messages over the loopback. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}},
                       from = {0};
    socklen_t length = sizeof place;
    char bytes[10] = "";
    int one = socket(AF_INET, SOCK_DGRAM, 0), other = socket(AF_INET, SOCK_DGRAM, 0);
    bind(one, (struct sockaddr *)&place, sizeof place);
    getsockname(one, (struct sockaddr *)&place, &length);
    SHOW(sendto(other, "text", 4, 0, (struct sockaddr *)&place, sizeof place));
    SHOW(recvfrom(one, bytes, 2, MSG_TRUNC, (struct sockaddr *)&from, &length));
    printf("%s from %s\n", bytes, inet_ntoa(from.sin_addr));
    SHOW(recvfrom(one, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL));
    SHOW(send(other, "x", 1, 0));
    SHOW(connect(other, (struct sockaddr *)&place, sizeof place));
    SHOW(send(other, "", 0, 0));
    SHOW(recvfrom(one, bytes, sizeof bytes, 0, NULL, NULL));
    static char much[70000];
    SHOW(send(other, much, sizeof much, 0));
    return 0;
}
