// SPDX-License-Identifier: MIT
// Calls: recvmsg (socketcall)
/* No room for a file: it is closed, and the message says that something is missing. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>
#include <sys/uio.h>

int main(void) {
    char byte = 'x', room[CMSG_SPACE(sizeof(int))] = "";
    struct iovec place = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    int end[2], pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, end);
    pipe(pair);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
    memcpy(CMSG_DATA(header), &pair[1], sizeof(int));
    sendmsg(end[0], &message, 0);
    close(pair[1]);
    message.msg_controllen = 0;
    SHOW(recvmsg(end[1], &message, 0));
    SHOW((message.msg_flags & MSG_CTRUNC) != 0);
    SHOW(read(pair[0], &byte, 1));
    return 0;
}
