// SPDX-License-Identifier: MIT
// Calls: sendto (socketcall), recvfrom (socketcall)
/* Messages that say from where they come. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>
#include <sys/un.h>

int main(void) {
    struct sockaddr_un a = {AF_UNIX, "a"}, b = {AF_UNIX, "b"}, from = {0};
    socklen_t length = sizeof from;
    char bytes[10] = "";
    int one = socket(AF_UNIX, SOCK_DGRAM, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0);
    bind(one, (struct sockaddr *)&a, sizeof a);
    bind(other, (struct sockaddr *)&b, sizeof b);
    SHOW(sendto(one, "text", 4, 0, (struct sockaddr *)&b, sizeof b));
    SHOW(recvfrom(other, bytes, 2, MSG_PEEK, (struct sockaddr *)&from, &length));
    SHOW(recvfrom(other, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &length));
    printf("%s from %s\n", bytes, from.sun_path);
    SHOW(recvfrom(other, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL));
    SHOW(send(one, "x", 1, 0));
    SHOW(sendto(one, "x", 1, 0, (struct sockaddr *)&(struct sockaddr_un){AF_UNIX, "none"},
                sizeof a));
    SHOW(sendto(one, "", 0, 0, (struct sockaddr *)&b, sizeof b));
    SHOW(recvfrom(other, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL));
    return 0;
}
