// SPDX-License-Identifier: MIT
/*
 * AF_UNIX: open files and credentials that go with the bytes, and files that nobody receives.
 */
#include "tests/abi/check.h"
#include "tests/abi/rights.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define PATH "/tmp/passed"

static int ends[2];

/* ---- Files ---- */

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(16 * sizeof(int)) + CMSG_SPACE(12)];
};

/* The bytes; the files that came, at most `room` of them, and how many. */
static ssize_t receive_files(int by, int *files, size_t room, int *count, int *flags) {
    union control control = {0};
    char text[64];
    struct iovec piece = {text, sizeof text};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = CMSG_LEN(room * sizeof(int))};
    ssize_t bytes = recvmsg(by, &message, 0);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *count = 0;
    *flags = message.msg_flags;
    if (bytes >= 0 && header != NULL && header->cmsg_type == SCM_RIGHTS) {
        *count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(files, CMSG_DATA(header), (size_t)*count * sizeof(int));
    }
    return bytes;
}

static void open_files_go_with_bytes(void) {
    char text[8] = "";
    int pipes[2], files[4], count, flags;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && pipe(pipes) == 0);
    CHECK(write(ends[0], "plain", 5) == 5);
    CHECK(send_files(ends[0], pipes, 2, "two") == 3 && write(ends[0], "more", 4) == 4);
    close(pipes[0]);
    CHECK(receive_files(ends[1], files, 4, &count, &flags) == 8 && count == 2 && flags == 0);
    CHECK(write(pipes[1], "through", 7) == 7 && read(files[0], text, 8) == 7);
    CHECK((fcntl(files[0], F_GETFD) & FD_CLOEXEC) == 0);
    close(files[0]);
    close(files[1]);
    while (recv(ends[1], text, sizeof text, MSG_DONTWAIT) > 0)
        continue;
    int twice[2] = {pipes[1], pipes[1]};
    CHECK(send_files(ends[0], twice, 2, "cut") == 3);
    CHECK(receive_files(ends[1], files, 1, &count, &flags) == 3 && count == 1);
    CHECK(flags == MSG_CTRUNC);
    close(files[0]);
    CHECK(send_files(ends[0], twice, 1, "lost") == 4 && read(ends[1], text, 8) == 4);
    twice[0] = 999;
    CHECK(fails_with(send_files(ends[0], twice, 1, "bad"), EBADF));
    close(pipes[1]);
    close(ends[0]);
    close(ends[1]);
}

/* Circles that nobody can reach any more do not stay: there may be more of them than files under way. */
static void circles_come_to_an_end(void) {
    int made = 0;
    for (int n = 0; n < 3000; n++) {
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        made += send_files(ends[0], &ends[1], 1, "x") == 1;
        close(ends[0]);
        close(ends[1]);
    }
    CHECK(made == 3000);
}

/* A chain of sockets, each on its way through the next: what ends with the last must not end too deep. */
static void sockets_go_through_sockets(void) {
    int before = -1, first = -1;
    for (int n = 0; n < 200; n++) {
        CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
        if (before >= 0 && send_files(ends[0], &before, 1, "x") != 1)
            break; /* Linux allows a few */
        close(before);
        close(ends[0]);
        before = ends[1];
        first = n;
    }
    CHECK(first > 2);
    close(before);
}

/* ---- Credentials ---- */

static void peers_are_known(void) {
    struct ucred peer = {0}, nobody;
    struct stat status;
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = PATH};
    socklen_t bytes = sizeof peer;
    int one = 1;
    char text[4];
    union control control = {0};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(getsockopt(ends[0], SOL_SOCKET, SO_PEERCRED, &peer, &bytes) == 0);
    CHECK(bytes == sizeof peer && peer.pid == getpid() && peer.uid == geteuid());
    int dgram = socket(AF_UNIX, SOCK_DGRAM, 0), named = socket(AF_UNIX, SOCK_DGRAM, 0);
    unlink(PATH);
    CHECK(fchmod(named, 0600) == 0 && bind(named, (void *)&name, sizeof name) == 0);
    CHECK(connect(dgram, (void *)&name, sizeof name) == 0);
    CHECK(stat(PATH, &status) == 0 && (status.st_mode & 0777) == 0600);
    CHECK(getsockopt(dgram, SOL_SOCKET, SO_PEERCRED, &nobody, &bytes) == 0);
    CHECK(nobody.pid == 0 && nobody.uid == (uid_t)-1);
    close(dgram);
    close(named);
    CHECK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one) == 0);
    CHECK(write(ends[0], "w", 1) == 1 && write(ends[0], "ho", 2) == 2);
    struct iovec piece = {text, sizeof text};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    CHECK(recvmsg(ends[1], &message, 0) == 3);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    CHECK(header != NULL && header->cmsg_type == SCM_CREDENTIALS);
    if (header != NULL)
        memcpy(&peer, CMSG_DATA(header), sizeof peer);
    CHECK(peer.pid == getpid() && peer.gid == getegid());
    close(ends[0]);
    close(ends[1]);
}

int main(void) {
    open_files_go_with_bytes();
    circles_come_to_an_end();
    sockets_go_through_sockets();
    peers_are_known();
    return verdict();
}
