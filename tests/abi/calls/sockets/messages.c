// SPDX-License-Identifier: MIT
// Calls: sendmsg (socketcall), recvmsg (socketcall)
/* Several places in one message, and what is cut. */
#include "tests/abi/calls/show.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/uio.h>

int main(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof place;
    char one[4] = "", two[3] = "";
    struct iovec out[2] = {{"abc", 3}, {"defg", 4}}, in[2] = {{one, 3}, {two, 2}};
    struct msghdr message = {
        .msg_name = &place, .msg_namelen = sizeof place, .msg_iov = out, .msg_iovlen = 2};
    int from = socket(AF_INET, SOCK_DGRAM, 0), to = socket(AF_INET, SOCK_DGRAM, 0);
    bind(to, (struct sockaddr *)&place, sizeof place);
    getsockname(to, (struct sockaddr *)&place, &length);
    SHOW(sendmsg(from, &message, 0));
    message.msg_iov = in;
    SHOW(recvmsg(to, &message, 0));
    printf("%s %s, cut: %d, name of %u bytes\n", one, two, (message.msg_flags & MSG_TRUNC) != 0,
           message.msg_namelen);
    message.msg_iovlen = 2000;
    SHOW(recvmsg(to, &message, MSG_DONTWAIT));
    SHOW(sendmsg(from, nowhere, 0));
    return 0;
}
