// SPDX-License-Identifier: MIT
// Calls: getsockopt (socketcall), setsockopt (socketcall)
/* Who is at the other end, and who has sent something. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>
#include <sys/uio.h>

int main(void) {
    struct ucred peer = {0};
    socklen_t length = sizeof peer;
    char byte, room[CMSG_SPACE(sizeof peer)] = "";
    struct iovec place = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    int end[2], one = 1;
    setgid(2000);
    socketpair(AF_UNIX, SOCK_STREAM, 0, end);
    SHOW(getsockopt(end[0], SOL_SOCKET, SO_PEERCRED, &peer, &length));
    printf("this process: %d, %u %u\n", peer.pid == getpid(), peer.uid, peer.gid);
    SHOW(setsockopt(end[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one));
    write(end[0], "x", 1);
    SHOW(recvmsg(end[1], &message, 0));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL)
        return 1;
    memcpy(&peer, CMSG_DATA(header), sizeof peer);
    printf("type %d, this process: %d, %u %u\n", header->cmsg_type, peer.pid == getpid(), peer.uid,
           peer.gid);
    return 0;
}
