// SPDX-License-Identifier: MIT
/*
 * AF_UNIX: who has sent the bytes, as SO_PASSCRED tells it, without the sender's help: which ids, from when on, and where a read ends; and
 * control messages that find no memory.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#define NOBODY 65534

static int ends[2];

static void want_credentials(int of) {
    int one = 1;
    CHECK(setsockopt(of, SOL_SOCKET, SO_PASSCRED, &one, sizeof one) == 0);
}

/* The bytes, and who sent them. */
static ssize_t receive(int by, size_t bytes, struct ucred *sender) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    char text[64];
    struct iovec piece = {text, bytes};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t result = recvmsg(by, &message, MSG_DONTWAIT);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *sender = (struct ucred){-1, 1, 1};
    if (result >= 0 && header != NULL && header->cmsg_type == SCM_CREDENTIALS)
        memcpy(sender, CMSG_DATA(header), sizeof *sender);
    return result;
}

static int is_me(const struct ucred *sender) {
    return sender->pid == getpid() && sender->uid == getuid() && sender->gid == getgid();
}

static int is_nobody(const struct ucred *sender) {
    return sender->pid == 0 && sender->uid == NOBODY && sender->gid == NOBODY;
}

/* ---- Who ---- */

/* Only root can have two. */
static void real_ids_are_told(void) {
    struct ucred sender, peer;
    socklen_t bytes = sizeof peer;
    if (setresgid(2000, 0, 0) != 0 || setresuid(1000, 0, 0) != 0)
        _exit(geteuid() == 0 ? 1 : 0);
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0)
        _exit(2);
    want_credentials(ends[1]);
    if (write(ends[0], "x", 1) != 1 || receive(ends[1], 8, &sender) != 1)
        _exit(3);
    if (sender.pid != getpid() || sender.uid != 1000 || sender.gid != 2000)
        _exit(4);
    getsockopt(ends[1], SOL_SOCKET, SO_PEERCRED, &peer, &bytes);
    _exit(peer.uid == 0 && peer.gid == 0 ? 0 : 5);
}

static void what_waits_to_be_accepted_has_a_sender(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0senders"};
    socklen_t bytes = offsetof(struct sockaddr_un, sun_path) + 8;
    struct ucred sender;
    int listens = socket(AF_UNIX, SOCK_STREAM, 0), one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(listens, (void *)&name, bytes) == 0 && listen(listens, 1) == 0);
    CHECK(connect(one, (void *)&name, bytes) == 0 && write(one, "early", 5) == 5);
    int two = accept(listens, NULL, NULL);
    CHECK(write(one, "late", 4) == 4);
    want_credentials(two);
    CHECK(receive(two, 2, &sender) == 2 && is_me(&sender));
    CHECK(receive(two, 64, &sender) == 3 && is_me(&sender)); /* also of a piece of it */
    CHECK(receive(two, 64, &sender) == 4 && is_nobody(&sender));
    close(listens);
    close(one);
    close(two);
}

/* ---- Where a read ends ---- */

static void a_read_ends_where_the_sender_changes(void) {
    struct ucred sender;
    char text[8];
    int status;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(write(ends[0], "a", 1) == 1);
    want_credentials(ends[1]);
    CHECK(write(ends[0], "b", 1) == 1 && write(ends[0], "c", 1) == 1);
    pid_t child = fork();
    if (child == 0)
        _exit(write(ends[0], "d", 1) == 1 ? 0 : 1);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(recv(ends[1], text, 8, MSG_PEEK) == 1);
    CHECK(receive(ends[1], 8, &sender) == 1 && is_nobody(&sender));
    CHECK(receive(ends[1], 8, &sender) == 2 && is_me(&sender));
    CHECK(receive(ends[1], 8, &sender) == 1 && sender.pid == child);
    CHECK(write(ends[0], "e", 1) == 1);
    int none = 0;
    CHECK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &none, sizeof none) == 0);
    CHECK(write(ends[0], "f", 1) == 1);
    CHECK(recv(ends[1], text, 8, 0) == 2); /* nobody asks */
    close(ends[0]);
    close(ends[1]);
}

/* ---- Memory that is not there ---- */

static void send_three_files(void) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(3 * sizeof(int))];
    } control = {.header = {.cmsg_len = CMSG_LEN(3 * sizeof(int)),
                            .cmsg_level = SOL_SOCKET,
                            .cmsg_type = SCM_RIGHTS}};
    struct iovec piece = {"three", 5};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    memset(CMSG_DATA(&control.header), 0, 3 * sizeof(int)); /* 0, three times */
    CHECK(sendmsg(ends[0], &message, 0) == 5);
}

static int lowest_free(void) {
    int one = dup(0);
    close(one);
    return one;
}

/* `room` bytes before the end of a page that has none behind it. */
static void receive_at_the_edge(char *edge, size_t room, int files) {
    char text[8];
    struct iovec piece = {text, sizeof text};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = edge - room, .msg_controllen = 64};
    int before = lowest_free();
    send_three_files();
    CHECK(recvmsg(ends[1], &message, 0) == 5);
    CHECK(message.msg_flags == MSG_CTRUNC);
    CHECK(lowest_free() == before + files);
    CHECK(message.msg_controllen == (files > 0 ? CMSG_SPACE((size_t)files * sizeof(int)) : 0));
    while (files-- > 0)
        close(before++);
}

static void control_without_memory_is_cut(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(munmap(pages + page, page) == 0);
    for (int files = 0; files < 3; files++)
        receive_at_the_edge(pages + page, CMSG_LEN((size_t)files * sizeof(int)), files);
    munmap(pages, page);
    close(ends[0]);
    close(ends[1]);
}

int main(void) {
    CHECK(status_of(real_ids_are_told) == 0);
    what_waits_to_be_accepted_has_a_sender();
    a_read_ends_where_the_sender_changes();
    control_without_memory_is_cut();
    return verdict();
}
