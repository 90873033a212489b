// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit), recvmsg (socketcall)
/* A file that comes where no number is left. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>

int main(void) {
    char byte = 'x', room[CMSG_SPACE(sizeof(int))] = "";
    struct iovec place = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    int end[2], zero = 0;
    socketpair(AF_UNIX, SOCK_STREAM, 0, end);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
    memcpy(CMSG_DATA(header), &zero, sizeof zero);
    sendmsg(end[0], &message, 0);
    SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){5, 5}));
    SHOW(recvmsg(end[1], &message, 0));
    SHOW((message.msg_flags & MSG_CTRUNC) != 0);
    SHOW(message.msg_controllen);
    return 0;
}
