// SPDX-License-Identifier: MIT
/*
 * AF_UNIX: streams, sequenced packets and datagrams, by paths, abstract names and in pairs; and what happens at the end. What goes
 * with the bytes: passed.c.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#define MANY_BYTES 700000
#define PATH       "/tmp/local"

static struct sockaddr_un name_of(const char *path) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    strcpy(name.sun_path, path);
    return name;
}

static int bind_to(int one, const char *path) {
    struct sockaddr_un name = name_of(path);
    return bind(one, (struct sockaddr *)&name, sizeof name);
}

static int connect_to(int one, const char *path) {
    struct sockaddr_un name = name_of(path);
    return connect(one, (struct sockaddr *)&name, sizeof name);
}

static int listener(int type) {
    int one = socket(AF_UNIX, type, 0);
    unlink(PATH);
    CHECK(one >= 0 && bind_to(one, PATH) == 0 && listen(one, 5) == 0);
    return one;
}

static short events_of(int one) {
    struct pollfd look = {one, POLLIN | POLLOUT | POLLRDHUP, 0};
    poll(&look, 1, 0);
    return look.revents;
}

/* ---- Names ---- */

static void paths_are_nodes(void) {
    struct stat status;
    struct sockaddr_un name;
    socklen_t bytes = sizeof name;
    mode_t before = umask(027);
    int one = listener(SOCK_STREAM), two = socket(AF_UNIX, SOCK_STREAM, 0);
    umask(before);
    CHECK(stat(PATH, &status) == 0 && status.st_mode == (S_IFSOCK | 0750));
    CHECK(getsockname(one, (struct sockaddr *)&name, &bytes) == 0);
    CHECK(bytes == offsetof(struct sockaddr_un, sun_path) + sizeof PATH);
    CHECK(strcmp(name.sun_path, PATH) == 0);
    CHECK(fails_with(bind_to(two, PATH), EADDRINUSE));
    CHECK(fails_with(bind_to(one, "/tmp/other"), EINVAL));
    CHECK(fails_with(bind_to(two, "/nowhere/at/all"), ENOENT));
    CHECK(fails_with(open(PATH, O_RDWR), ENXIO));
    CHECK(fails_with(connect_to(two, "/tmp/nobody"), ENOENT));
    CHECK(fails_with(connect_to(two, "/tmp"), ECONNREFUSED));
    close(one);
    CHECK(fails_with(connect_to(two, PATH), ECONNREFUSED));
    CHECK(unlink(PATH) == 0);
    close(two);
}

static void abstract_names_go_with_their_sockets(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX}, told;
    socklen_t bytes = offsetof(struct sockaddr_un, sun_path) + 5, told_bytes = sizeof told;
    memcpy(name.sun_path, "\0abcd", 5);
    int one = socket(AF_UNIX, SOCK_STREAM, 0), two = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(one, (struct sockaddr *)&name, bytes) == 0 && listen(one, 1) == 0);
    CHECK(fails_with(bind(two, (struct sockaddr *)&name, bytes), EADDRINUSE));
    CHECK(fails_with(connect(two, (struct sockaddr *)&name, bytes - 1), ECONNREFUSED));
    CHECK(connect(two, (struct sockaddr *)&name, bytes) == 0);
    CHECK(getpeername(two, (struct sockaddr *)&told, &told_bytes) == 0 && told_bytes == bytes);
    CHECK(memcmp(told.sun_path, "\0abcd", 5) == 0);
    told_bytes = sizeof told;
    CHECK(getsockname(two, (struct sockaddr *)&told, &told_bytes) == 0 && told_bytes == 2);
    close(one);
    one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(one, (struct sockaddr *)&name, bytes) == 0);
    int three = socket(AF_UNIX, SOCK_STREAM, 0), four = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(listen(one, 5) == 0 && connect(three, (struct sockaddr *)&name, bytes) == 0);
    close(two);
    two = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(connect(two, (struct sockaddr *)&name, bytes) == 0); /* beside the others */
    CHECK(fails_with(connect(four, (struct sockaddr *)&name, bytes), ECONNREFUSED));
    CHECK(bind(four, (struct sockaddr *)&name, bytes) == 0); /* another type's */
    int accepted = accept(one, NULL, NULL);
    close(one);
    one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(accepted >= 0 && bind(one, (struct sockaddr *)&name, bytes) == 0);
    close(accepted);
    close(three);
    close(four);
    close(one);
    one = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(bind(one, (struct sockaddr *)&name, sizeof(sa_family_t)) == 0); /* one is chosen */
    told_bytes = sizeof told;
    CHECK(getsockname(one, (struct sockaddr *)&told, &told_bytes) == 0 && told_bytes == 8);
    CHECK(told.sun_path[0] == '\0');
    close(one);
    close(two);
}

/* Where mounting is allowed. */
static void a_node_keeps_its_mount(void) {
    mkdir("/tmp/mounted", 0700);
    if (mount("none", "/tmp/mounted", "tmpfs", 0, NULL) != 0)
        return;
    int one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind_to(one, "/tmp/mounted/node") == 0);
    CHECK(fails_with(umount("/tmp/mounted"), EBUSY));
    CHECK(umount2("/tmp/mounted", MNT_DETACH) == 0);
    close(one);
    CHECK(rmdir("/tmp/mounted") == 0);
}

/* ---- Streams ---- */

static int ends[2];

static void send_much(void) {
    static char bytes[5000];
    for (int sent = 0; sent < MANY_BYTES; sent += (int)sizeof bytes) {
        memset(bytes, sent / 1000, sizeof bytes);
        if (write(ends[0], bytes, sizeof bytes) != (ssize_t)sizeof bytes)
            _exit(1);
    }
}

static void streams_carry_bytes_in_order(void) {
    char bytes[777];
    int received = 0, right = 1, status;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        send_much();
        _exit(0);
    }
    close(ends[0]);
    for (ssize_t count; (count = read(ends[1], bytes, sizeof bytes)) > 0;)
        for (ssize_t i = 0; i < count; i++, received++)
            right &= bytes[i] == (char)(received / 5000 * 5);
    CHECK(received == MANY_BYTES && right);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(ends[1]);
}

static void connections_wait_for_accept(void) {
    char text[8];
    int waiting = -1, listens = listener(SOCK_STREAM), one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(events_of(listens) == 0);
    CHECK(fails_with(write(one, "x", 1), ENOTCONN));
    CHECK(connect_to(one, PATH) == 0 && write(one, "early", 5) == 5);
    CHECK(fails_with(connect_to(one, PATH), EISCONN));
    CHECK(events_of(listens) == POLLIN);
    int two = accept(listens, NULL, NULL);
    CHECK(ioctl(two, FIONREAD, &waiting) == 0 && waiting == 5);
    CHECK(recv(two, text, 3, MSG_PEEK) == 3 && memcmp(text, "ear", 3) == 0);
    CHECK(read(two, text, sizeof text) == 5 && memcmp(text, "early", 5) == 0);
    CHECK(fails_with(recv(two, text, 1, MSG_DONTWAIT), EAGAIN));
    CHECK(write(two, "a", 1) == 1 && write(two, "b", 1) == 1);
    CHECK(read(one, text, sizeof text) == 2 && memcmp(text, "ab", 2) == 0); /* no bounds between */
    close(listens);
    CHECK(write(one, "x", 1) == 1 && read(two, text, 1) == 1);
    close(one);
    close(two);
    int dgram = socket(AF_UNIX, SOCK_DGRAM, 0);
    listens = listener(SOCK_STREAM);
    CHECK(fails_with(connect_to(dgram, PATH), EPROTOTYPE));
    one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(connect_to(one, PATH) == 0);
    close(listens); /* never accepted */
    CHECK(events_of(one) & POLLERR);
    CHECK(fails_with(read(one, text, 1), ECONNRESET) && read(one, text, 1) == 0);
    close(one);
    close(dgram);
}

static void ends_are_seen(void) {
    char byte;
    struct timeval soon = {0, 20000};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
    CHECK(fails_with(read(ends[0], &byte, 1), EAGAIN));
    CHECK(events_of(ends[0]) == POLLOUT);
    CHECK(shutdown(ends[1], SHUT_WR) == 0 && read(ends[0], &byte, 1) == 0);
    CHECK(events_of(ends[0]) == (POLLIN | POLLOUT | POLLRDHUP));
    CHECK(write(ends[0], "x", 1) == 1 && read(ends[1], &byte, 1) == 1);
    CHECK(fails_with(send(ends[1], "x", 1, MSG_NOSIGNAL), EPIPE));
    CHECK(write(ends[0], "unread", 6) == 6);
    close(ends[1]);
    CHECK((events_of(ends[0]) & (POLLHUP | POLLERR)) == (POLLHUP | POLLERR));
    CHECK(fails_with(send(ends[0], "x", 1, MSG_NOSIGNAL), EPIPE));
    CHECK(fails_with(read(ends[0], &byte, 1), ECONNRESET));
    CHECK(read(ends[0], &byte, 1) == 0);
    close(ends[0]);
}

static void accepting_ends_with_the_listener(void) {
    struct timeval soon = {0, 20000};
    int status, listens = listener(SOCK_STREAM);
    CHECK(setsockopt(listens, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
    CHECK(fails_with(accept(listens, NULL, NULL), EAGAIN));
    close(listens);
    listens = listener(SOCK_STREAM);
    CHECK(fails_with(connect_to(listens, PATH), EINVAL));
    pid_t child = fork();
    if (child == 0)
        _exit(fails_with(accept(listens, NULL, NULL), EINVAL) ? 0 : 1);
    usleep(50000);
    CHECK(shutdown(listens, SHUT_RDWR) == 0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(events_of(listens) == (POLLIN | POLLHUP | POLLRDHUP));
    int one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(fails_with(connect_to(one, PATH), ECONNREFUSED));
    close(one);
    close(listens);
}

static void both_ways_shut_is_a_hang_up(void) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(shutdown(ends[0], SHUT_RDWR) == 0);
    CHECK(events_of(ends[1]) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
    CHECK(fails_with(send(ends[1], "x", 1, MSG_NOSIGNAL), EPIPE));
    close(ends[0]);
    close(ends[1]);
}

static void no_action(int signal) {
    (void)signal;
}

/* A call with a timeout of the socket's ends with a signal, whatever SA_RESTART says. */
static void timeouts_are_not_begun_again(void) {
    char byte;
    struct timeval long_time = {30, 0};
    struct sigaction action = {.sa_handler = no_action, .sa_flags = SA_RESTART}, before;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &long_time, sizeof long_time) == 0);
    CHECK(sigaction(SIGALRM, &action, &before) == 0);
    ualarm(20000, 0);
    CHECK(fails_with(read(ends[0], &byte, 1), EINTR));
    ualarm(20000, 0);
    CHECK(fails_with(recv(ends[0], &byte, 1, 0), EINTR));
    CHECK(sigaction(SIGALRM, &before, NULL) == 0);
    close(ends[0]);
    close(ends[1]);
}

static void write_to_nobody(void) {
    signal(SIGPIPE, SIG_DFL);
    close(ends[1]);
    write(ends[0], "x", 1);
}

static void broken_pipes_have_a_signal(void) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    close(ends[1]);
    ends[1] = -1;
    CHECK(was_killed_by(status_of(write_to_nobody), SIGPIPE));
    close(ends[0]);
}

static void fill_the_queue(void) {
    static char bytes[5000];
    signal(SIGPIPE, SIG_IGN);
    while (write(ends[0], bytes, sizeof bytes) > 0)
        continue;
    _exit(errno == EPIPE ? 0 : 1);
}

static void who_waits_for_room_hears_that_there_will_be_none(void) {
    int status;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    pid_t child = fork();
    if (child == 0)
        fill_the_queue();
    usleep(100000); /* it is full, and the child waits */
    CHECK(shutdown(ends[1], SHUT_RD) == 0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(ends[0]);
    close(ends[1]);
}

/* ---- Packets and datagrams ---- */

static void packets_keep_their_bounds(void) {
    char text[8];
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
    CHECK(write(ends[0], "one", 3) == 3 && write(ends[0], "twotwo", 6) == 6);
    CHECK(read(ends[1], text, sizeof text) == 3);
    CHECK(recv(ends[1], text, 2, MSG_TRUNC) == 6 && memcmp(text, "tw", 2) == 0);
    CHECK(fails_with(recv(ends[1], text, 2, MSG_DONTWAIT), EAGAIN));
    CHECK(write(ends[0], "last", 4) == 4);
    close(ends[0]);
    CHECK(read(ends[1], text, sizeof text) == 4 && read(ends[1], text, sizeof text) == 0);
    close(ends[1]);
}

static void datagrams_say_from_whom(void) {
    char text[8];
    struct sockaddr_un from, to = name_of("/tmp/datagrams");
    socklen_t bytes = sizeof from;
    int one = socket(AF_UNIX, SOCK_DGRAM, 0), two = socket(AF_UNIX, SOCK_DGRAM, 0);
    unlink("/tmp/datagrams");
    unlink(PATH);
    CHECK(bind_to(one, "/tmp/datagrams") == 0);
    CHECK(fails_with(write(two, "x", 1), ENOTCONN));
    CHECK(sendto(two, "a", 1, 0, (struct sockaddr *)&to, sizeof to) == 1);
    CHECK(recvfrom(one, text, 8, 0, (struct sockaddr *)&from, &bytes) == 1 && bytes == 0);
    CHECK(bind_to(two, PATH) == 0 && connect_to(two, "/tmp/datagrams") == 0);
    CHECK(write(two, "bc", 2) == 2);
    bytes = sizeof from;
    CHECK(recvfrom(one, text, 8, 0, (struct sockaddr *)&from, &bytes) == 2);
    CHECK(bytes == offsetof(struct sockaddr_un, sun_path) + sizeof PATH &&
          strcmp(from.sun_path, PATH) == 0);
    CHECK(write(two, "", 0) == 0 && recv(one, text, 8, 0) == 0);
    CHECK(connect_to(one, PATH) == 0 && write(one, "back", 4) == 4 && read(two, text, 8) == 4);
    int three = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(fails_with(sendto(three, "x", 1, 0, (struct sockaddr *)&to, sizeof to), EPERM));
    CHECK(fails_with(connect_to(three, "/tmp/datagrams"), EPERM));
    close(one);
    CHECK(fails_with(write(two, "x", 1), ECONNREFUSED));
    CHECK(fails_with(write(two, "x", 1), ENOTCONN));
    unlink("/tmp/datagrams");
    CHECK(fails_with(sendto(three, "x", 1, 0, (struct sockaddr *)&to, sizeof to), ENOENT));
    close(two);
    close(three);
}

static void a_full_queue_keeps_the_sender_waiting(void) {
    static char bytes[4000];
    int sent = 0, received = 0;
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends) == 0);
    while (send(ends[0], bytes, sizeof bytes, 0) > 0)
        sent++;
    CHECK(errno == EAGAIN && sent > 1 && events_of(ends[0]) == 0);
    CHECK(recv(ends[1], bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes && received++ == 0);
    CHECK(send(ends[0], bytes, sizeof bytes, 0) > 0 && sent++ > 0);
    while (recv(ends[1], bytes, sizeof bytes, 0) > 0)
        received++;
    CHECK(received == sent);
    close(ends[0]);
    close(ends[1]);
}

/* ---- The rest ---- */

static void what_is_wrong_is_said(void) {
    int wrong[2], *volatile nowhere = (int *)16;
    CHECK(fails_with(socket(AF_UNIX, 7, 0), ESOCKTNOSUPPORT));
    CHECK(fails_with(socket(AF_UNIX, SOCK_STREAM, 6), EPROTONOSUPPORT));
    CHECK(fails_with(socketpair(AF_INET, SOCK_STREAM, 0, wrong), EOPNOTSUPP));
    CHECK(fails_with(socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere), EFAULT));
    int one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(fails_with(listen(one, 1), EINVAL));
    CHECK(fails_with(accept(one, NULL, NULL), EINVAL));
    CHECK(fails_with(read(one, wrong, 1), EINVAL));
    CHECK(shutdown(one, SHUT_RD) == 0);
    CHECK(if_nametoindex("lo") == 1);
    close(one);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    paths_are_nodes();
    abstract_names_go_with_their_sockets();
    a_node_keeps_its_mount();
    streams_carry_bytes_in_order();
    connections_wait_for_accept();
    ends_are_seen();
    accepting_ends_with_the_listener();
    both_ways_shut_is_a_hang_up();
    timeouts_are_not_begun_again();
    broken_pipes_have_a_signal();
    who_waits_for_room_hears_that_there_will_be_none();
    packets_keep_their_bounds();
    datagrams_say_from_whom();
    a_full_queue_keeps_the_sender_waiting();
    what_is_wrong_is_said();
    return verdict();
}
