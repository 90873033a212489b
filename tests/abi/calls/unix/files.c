// SPDX-License-Identifier: MIT
// Calls: sendmsg (socketcall), recvmsg (socketcall)
/* An open file goes along with a byte. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>
#include <sys/uio.h>

int main(void) {
    char byte = 'x', room[CMSG_SPACE(sizeof(int))] = "";
    struct iovec place = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    int end[2], file = file_of("file", "text");
    socketpair(AF_UNIX, SOCK_STREAM, 0, end);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
    memcpy(CMSG_DATA(header), &file, sizeof file);
    SHOW(sendmsg(end[0], &message, 0));
    close(file);
    SHOW(recvmsg(end[1], &message, MSG_CMSG_CLOEXEC));
    memcpy(&file, CMSG_DATA(header), sizeof file);
    SHOW(file);
    SHOW(fcntl(file, F_GETFD));
    show_text(file);
    file = 99;
    memcpy(CMSG_DATA(header), &file, sizeof file);
    SHOW(sendmsg(end[0], &message, 0));
    return 0;
}
