// SPDX-License-Identifier: MIT
/*
 * Sockets over the loopback: streams, datagrams, IPv6 beside IPv4, options, errors, poll and epoll.
 */
#include "tests/abi/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#define SOME_BYTES 300000

static struct sockaddr_in loopback(uint16_t port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static uint16_t port_of(int socket) {
    struct sockaddr_in name;
    socklen_t bytes = sizeof name;
    return getsockname(socket, (struct sockaddr *)&name, &bytes) == 0 ? ntohs(name.sin_port) : 0;
}

static int bind_to(int socket, uint16_t port) {
    struct sockaddr_in name = loopback(port);
    return bind(socket, (struct sockaddr *)&name, sizeof name);
}

static int connect_to(int socket, uint16_t port) {
    struct sockaddr_in name = loopback(port);
    return connect(socket, (struct sockaddr *)&name, sizeof name);
}

static int listener(void) {
    int made = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(made >= 0 && bind_to(made, 0) == 0 && listen(made, 5) == 0 && port_of(made) != 0);
    return made;
}

/* Both ends of a connection. */
static void make_pair(int ends[2]) {
    int listens = listener();
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect_to(ends[0], port_of(listens)) == 0);
    ends[1] = accept(listens, NULL, NULL);
    CHECK(ends[1] >= 0);
    close(listens);
}

/* ---- Streams ---- */

static int stream_ends[2];

static void send_much(void) {
    char bytes[1000];
    for (int sent = 0; sent < SOME_BYTES; sent += (int)sizeof bytes) {
        memset(bytes, sent / 1000, sizeof bytes);
        if (write(stream_ends[0], bytes, sizeof bytes) != (ssize_t)sizeof bytes)
            _exit(1);
    }
}

static void streams_carry_bytes_in_order(void) {
    char bytes[777];
    int received = 0, right = 1, status;
    make_pair(stream_ends);
    pid_t child = fork();
    if (child == 0) {
        close(stream_ends[1]);
        send_much();
        _exit(0);
    }
    close(stream_ends[0]);
    for (ssize_t count; (count = read(stream_ends[1], bytes, sizeof bytes)) > 0;)
        for (ssize_t i = 0; i < count; i++, received++)
            right &= bytes[i] == (char)(received / 1000);
    CHECK(received == SOME_BYTES && right);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(stream_ends[1]);
}

static void messages_are_peeked_and_awaited(void) {
    char text[16] = "";
    int ends[2], waiting = -1;
    make_pair(ends);
    CHECK(send(ends[0], "hello", 5, 0) == 5);
    CHECK(recv(ends[1], text, 3, MSG_PEEK) == 3 && memcmp(text, "hel", 3) == 0);
    CHECK(ioctl(ends[1], FIONREAD, &waiting) == 0 && waiting == 5);
    CHECK(recv(ends[1], text, sizeof text, 0) == 5 && memcmp(text, "hello", 5) == 0);
    CHECK(fails_with(recv(ends[1], text, 1, MSG_DONTWAIT), EAGAIN));
    struct iovec pieces[2] = {{"ab", 2}, {"cde", 3}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
    CHECK(sendmsg(ends[1], &message, 0) == 5);
    struct iovec room[2] = {{text, 1}, {text + 8, 4}};
    struct msghdr answer = {.msg_iov = room, .msg_iovlen = 2};
    CHECK(recvmsg(ends[0], &answer, MSG_WAITALL) == 5 && text[0] == 'a');
    CHECK(memcmp(text + 8, "bcde", 4) == 0 && answer.msg_flags == 0);
    close(ends[0]);
    close(ends[1]);
}

static void ends_are_seen(void) {
    char byte;
    int ends[2];
    make_pair(ends);
    CHECK(shutdown(ends[0], SHUT_WR) == 0);
    CHECK(read(ends[1], &byte, 1) == 0);
    CHECK(write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1 && byte == 'x');
    CHECK(fails_with(send(ends[0], "x", 1, MSG_NOSIGNAL), EPIPE));
    close(ends[1]);
    usleep(50000);
    struct pollfd look = {ends[0], POLLIN, 0};
    CHECK(poll(&look, 1, 0) == 1 && look.revents == (POLLIN | POLLHUP));
    CHECK(read(ends[0], &byte, 1) == 0);
    close(ends[0]);
}

static void resets_are_seen(void) {
    char byte;
    int ends[2];
    struct linger at_once = {1, 0};
    make_pair(ends);
    CHECK(setsockopt(ends[1], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    close(ends[1]);
    usleep(50000);
    CHECK(fails_with(read(ends[0], &byte, 1), ECONNRESET));
    CHECK(read(ends[0], &byte, 1) == 0);
    close(ends[0]);
}

static void resets_before_accept_leave_no_more_than_the_backlog(void) {
    int listens = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), accepted = 0;
    struct linger at_once = {1, 0};
    CHECK(bind_to(listens, 0) == 0 && listen(listens, 4) == 0);
    for (int n = 0; n < 40; n++) {
        int one = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect_to(one, port_of(listens));
        usleep(1000);
        setsockopt(one, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(one);
    }
    for (int one; (one = accept(listens, NULL, NULL)) >= 0; accepted++)
        close(one);
    CHECK(accepted >= 4 && accepted <= 5); /* Linux has room for one more */
    close(listens);
}

static int broken_end;

static void write_to_broken(void) {
    write(broken_end, "x", 1);
}

static void broken_streams_signal(void) {
    int ends[2];
    make_pair(ends);
    broken_end = ends[0];
    shutdown(ends[0], SHUT_WR);
    CHECK(was_killed_by(status_of(write_to_broken), SIGPIPE));
    close(ends[0]);
    close(ends[1]);
}

static void connections_fail_in_words(void) {
    int one = socket(AF_INET, SOCK_STREAM, 0), listens = listener();
    uint16_t port = port_of(listens);
    struct sockaddr_in name = loopback(port);
    socklen_t bytes = sizeof name;
    CHECK(fails_with(getpeername(one, (struct sockaddr *)&name, &bytes), ENOTCONN));
    CHECK(fails_with(recv(one, &name, 1, 0), ENOTCONN));
    CHECK(fails_with(accept(one, NULL, NULL), EINVAL));
    close(listens);
    CHECK(fails_with(connect_to(one, port), ECONNREFUSED));
    close(one);
    one = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    listens = listener();
    CHECK(fails_with(accept4(one, NULL, NULL, 0), EINVAL));
    int result = connect_to(one, port_of(listens));
    CHECK(result == 0 || errno == EINPROGRESS);
    struct pollfd look = {one, POLLOUT, 0};
    CHECK(poll(&look, 1, 1000) == 1 && look.revents == POLLOUT);
    int error = -1;
    bytes = sizeof error;
    CHECK(getsockopt(one, SOL_SOCKET, SO_ERROR, &error, &bytes) == 0 && error == 0);
    CHECK(connect_to(one, port_of(listens)) == 0 || (result == 0 && errno == EISCONN));
    CHECK(fails_with(connect_to(one, port_of(listens)), EISCONN));
    CHECK(fails_with(bind_to(one, 1), EINVAL));
    close(one);
    close(listens);
}

static void names_are_exclusive(void) {
    int one = listener(), other = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    CHECK(fails_with(bind_to(other, port_of(one)), EADDRINUSE));
    CHECK(setsockopt(other, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0);
    CHECK(bind_to(other, 0) == 0 && port_of(other) != port_of(one));
    close(one);
    close(other);
}

/* ---- Datagrams ---- */

static void datagrams_keep_their_bounds(void) {
    char text[16];
    int one = socket(AF_INET, SOCK_DGRAM, 0), other = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in name, from;
    socklen_t bytes = sizeof from;
    CHECK(bind_to(one, 0) == 0 && bind_to(other, 0) == 0);
    name = loopback(port_of(other));
    CHECK(fails_with(send(one, "x", 1, 0), EDESTADDRREQ));
    CHECK(sendto(one, "first", 5, 0, (struct sockaddr *)&name, sizeof name) == 5);
    CHECK(sendto(one, "", 0, 0, (struct sockaddr *)&name, sizeof name) == 0);
    CHECK(sendto(one, "third", 5, 0, (struct sockaddr *)&name, sizeof name) == 5);
    CHECK(recvfrom(other, text, 3, MSG_TRUNC, (struct sockaddr *)&from, &bytes) == 5);
    CHECK(memcmp(text, "fir", 3) == 0 && bytes == sizeof from &&
          from.sin_port == htons(port_of(one)));
    CHECK(recv(other, text, sizeof text, 0) == 0);
    struct iovec room = {text, 2};
    struct msghdr message = {.msg_iov = &room, .msg_iovlen = 1};
    CHECK(recvmsg(other, &message, 0) == 2 && message.msg_flags == MSG_TRUNC);
    CHECK(fails_with(recv(other, text, sizeof text, MSG_DONTWAIT), EAGAIN));
    CHECK(connect_to(one, port_of(other)) == 0 && send(one, "x", 1, 0) == 1);
    CHECK(read(other, text, sizeof text) == 1 && text[0] == 'x');
    CHECK(fails_with(listen(one, 1), EOPNOTSUPP));
    close(one);
    close(other);
}

static void timeouts_end_waits(void) {
    char byte;
    int one = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval soon = {0, 30000}, told = {9, 9};
    socklen_t bytes = sizeof told;
    CHECK(bind_to(one, 0) == 0);
    CHECK(setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
    CHECK(getsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &told, &bytes) == 0 && told.tv_sec == 0);
    CHECK(fails_with(recv(one, &byte, 1, 0), EAGAIN));
    close(one);
}

/* ---- IPv6 ---- */

static void ipv6_takes_ipv4(void) {
    struct sockaddr_in6 any = {.sin6_family = AF_INET6}, peer = {0};
    socklen_t bytes = sizeof any;
    int listens = socket(AF_INET6, SOCK_STREAM, 0), one = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(listens, (struct sockaddr *)&any, sizeof any) == 0 && listen(listens, 2) == 0);
    CHECK(getsockname(listens, (struct sockaddr *)&any, &bytes) == 0 && bytes == sizeof any);
    CHECK(connect_to(one, ntohs(any.sin6_port)) == 0);
    bytes = sizeof peer;
    int other = accept(listens, (struct sockaddr *)&peer, &bytes);
    CHECK(other >= 0 && peer.sin6_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr));
    CHECK(peer.sin6_addr.s6_addr[12] == 127 && ntohs(peer.sin6_port) == port_of(one));
    close(one);
    close(other);
    one = socket(AF_INET6, SOCK_STREAM, 0);
    any.sin6_addr = in6addr_loopback;
    CHECK(connect(one, (struct sockaddr *)&any, sizeof any) == 0);
    bytes = sizeof peer;
    other = accept(listens, (struct sockaddr *)&peer, &bytes);
    CHECK(other >= 0 && IN6_IS_ADDR_LOOPBACK(&peer.sin6_addr));
    close(one);
    close(other);
    close(listens);
}

/* ---- Options and mistakes ---- */

static int number_of(int socket, int level, int name) {
    int value = -77;
    socklen_t bytes = sizeof value;
    return getsockopt(socket, level, name, &value, &bytes) == 0 && bytes == sizeof value ? value
                                                                                         : -1;
}

static void options_are_kept(void) {
    int one = socket(AF_INET, SOCK_STREAM, 0), yes = 1, ttl = 9;
    const int flags[] = {SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST};
    for (int i = 0; i < 3; i++) {
        CHECK(number_of(one, SOL_SOCKET, flags[i]) == 0);
        CHECK(setsockopt(one, SOL_SOCKET, flags[i], &yes, sizeof yes) == 0);
        CHECK(number_of(one, SOL_SOCKET, flags[i]) == 1);
    }
    CHECK(number_of(one, SOL_SOCKET, SO_TYPE) == SOCK_STREAM);
    CHECK(number_of(one, SOL_SOCKET, SO_DOMAIN) == AF_INET);
    CHECK(number_of(one, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP);
    CHECK(number_of(one, SOL_SOCKET, SO_ACCEPTCONN) == 0);
    CHECK(number_of(one, IPPROTO_TCP, TCP_NODELAY) == 0);
    CHECK(setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0);
    CHECK(number_of(one, IPPROTO_TCP, TCP_NODELAY) == 1);
    CHECK(setsockopt(one, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl) == 0);
    CHECK(number_of(one, IPPROTO_IP, IP_TTL) == 9);
    CHECK(fails_with(setsockopt(one, SOL_SOCKET, 9999, &yes, sizeof yes), ENOPROTOOPT));
    CHECK(fails_with(setsockopt(one, SOL_SOCKET, SO_REUSEADDR, &yes, 1), EINVAL));
    close(one);
}

static void mistakes_have_their_errors(void) {
    struct sockaddr_in name = loopback(1);
    socklen_t bytes = sizeof name;
    CHECK(fails_with(socket(99, SOCK_STREAM, 0), EAFNOSUPPORT));
    CHECK(fails_with(socket(AF_INET, 99, 0), EINVAL) || errno == ESOCKTNOSUPPORT);
    CHECK(fails_with(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT));
    CHECK(fails_with(bind(0, (struct sockaddr *)&name, sizeof name), ENOTSOCK));
    CHECK(fails_with(bind(99, (struct sockaddr *)&name, sizeof name), EBADF));
    int one = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(fails_with(bind(one, (struct sockaddr *)&name, 3), EINVAL));
    CHECK(fails_with(bind(one, (struct sockaddr *)(uintptr_t)8, sizeof name), EFAULT));
    CHECK(fails_with(getsockname(one, (struct sockaddr *)(uintptr_t)8, &bytes), EFAULT));
    CHECK(fails_with(shutdown(one, 7), EINVAL));
    CHECK(fails_with(shutdown(one, SHUT_RD), ENOTCONN));
    name.sin_addr.s_addr = inet_addr("203.0.113.5"); /* nobody's here */
    CHECK(fails_with(bind(one, (struct sockaddr *)&name, sizeof name), EADDRNOTAVAIL));
    CHECK(fails_with(lseek(one, 0, SEEK_SET), ESPIPE));
    close(one);
}

/* ---- epoll ---- */

static int watch(int epoll, int operation, int file, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = file};
    return epoll_ctl(epoll, operation, file, &event);
}

static void epoll_tells_levels_and_edges(void) {
    struct epoll_event events[4];
    int ends[2], epoll = epoll_create1(EPOLL_CLOEXEC);
    char byte;
    make_pair(ends);
    CHECK(epoll >= 0 && watch(epoll, EPOLL_CTL_ADD, ends[1], EPOLLIN | EPOLLRDHUP) == 0);
    CHECK(epoll_wait(epoll, events, 4, 0) == 0);
    CHECK(write(ends[0], "ab", 2) == 2);
    CHECK(epoll_wait(epoll, events, 4, 1000) == 1 && events[0].events == EPOLLIN);
    CHECK(events[0].data.fd == ends[1] && epoll_wait(epoll, events, 4, 0) == 1);
    CHECK(watch(epoll, EPOLL_CTL_MOD, ends[1], EPOLLIN | EPOLLET) == 0);
    CHECK(epoll_wait(epoll, events, 4, 0) == 1 && epoll_wait(epoll, events, 4, 0) == 0);
    CHECK(write(ends[0], "c", 1) == 1);
    CHECK(epoll_wait(epoll, events, 4, 1000) == 1);
    CHECK(watch(epoll, EPOLL_CTL_MOD, ends[1], EPOLLIN | EPOLLONESHOT) == 0);
    CHECK(epoll_wait(epoll, events, 4, 0) == 1 && epoll_wait(epoll, events, 4, 0) == 0);
    CHECK(read(ends[1], &byte, 1) == 1);
    CHECK(watch(epoll, EPOLL_CTL_MOD, ends[1], EPOLLIN | EPOLLRDHUP) == 0);
    close(ends[0]);
    CHECK(epoll_wait(epoll, events, 4, 1000) == 1);
    usleep(50000);
    CHECK(epoll_wait(epoll, events, 4, 0) == 1 && (events[0].events & EPOLLRDHUP) != 0);
    close(ends[1]);
    CHECK(epoll_wait(epoll, events, 4, 0) == 0);
    close(epoll);
}

/* Each one is empty when it is watched. How many of them are refused is a matter of Linux's version. */
static void epoll_nests_no_deeper_than_it_looks(void) {
    int chain[300];
    for (int n = 0; n < 300; n++)
        CHECK((chain[n] = epoll_create1(0)) >= 0);
    for (int n = 0; n + 1 < 300; n++)
        CHECK(watch(chain[n], EPOLL_CTL_ADD, chain[n + 1], EPOLLIN) == 0 || errno == ELOOP);
    struct pollfd top = {.fd = chain[0], .events = POLLIN};
    CHECK(poll(&top, 1, 0) == 0);
    for (int n = 0; n < 300; n++)
        close(chain[n]);
}

#define LAYERS 5
#define WIDTH  40

/* Each of a layer watches all of the next one: a hundred million ways from the top to the pipe. */
static void epoll_looks_at_each_once(void) {
    int layers[LAYERS][WIDTH], pipes[2];
    struct epoll_event events[1];
    CHECK(pipe(pipes) == 0);
    for (int n = 0; n < LAYERS * WIDTH; n++)
        CHECK((layers[n / WIDTH][n % WIDTH] = epoll_create1(0)) >= 0);
    for (int layer = 0; layer + 1 < LAYERS; layer++)
        for (int n = 0; n < WIDTH * WIDTH; n++)
            CHECK(watch(layers[layer][n / WIDTH], EPOLL_CTL_ADD, layers[layer + 1][n % WIDTH],
                        EPOLLIN) == 0);
    CHECK(watch(layers[LAYERS - 1][0], EPOLL_CTL_ADD, pipes[0], EPOLLIN) == 0 || errno == EINVAL);
    CHECK(epoll_wait(layers[0][0], events, 1, 0) == 0);
    for (int n = 0; n < LAYERS * WIDTH; n++)
        close(layers[n / WIDTH][n % WIDTH]);
    close(pipes[0]);
    close(pipes[1]);
}

static void epoll_refuses(void) {
    int epoll = epoll_create(1), other = epoll_create(1), pipes[2];
    struct epoll_event events[1];
    CHECK(pipe(pipes) == 0 && watch(epoll, EPOLL_CTL_ADD, pipes[1], EPOLLOUT) == 0);
    CHECK(fails_with(watch(epoll, EPOLL_CTL_ADD, pipes[1], EPOLLOUT), EEXIST));
    CHECK(fails_with(watch(epoll, EPOLL_CTL_MOD, pipes[0], EPOLLIN), ENOENT));
    CHECK(fails_with(watch(epoll, EPOLL_CTL_DEL, pipes[0], 0), ENOENT));
    CHECK(fails_with(watch(epoll, EPOLL_CTL_ADD, epoll, EPOLLIN), EINVAL));
    CHECK(fails_with(watch(epoll, EPOLL_CTL_ADD, 99, EPOLLIN), EBADF));
    CHECK(fails_with(watch(pipes[0], EPOLL_CTL_ADD, pipes[1], EPOLLIN), EINVAL));
    CHECK(fails_with(epoll_wait(epoll, events, 0, 0), EINVAL));
    int file = open("/proc/self/exe", O_RDONLY);
    CHECK(fails_with(watch(epoll, EPOLL_CTL_ADD, file, EPOLLIN), EPERM));
    CHECK(watch(other, EPOLL_CTL_ADD, epoll, EPOLLIN) == 0);
    CHECK(fails_with(watch(epoll, EPOLL_CTL_ADD, other, EPOLLIN), ELOOP));
    CHECK(epoll_wait(other, events, 1, 0) == 1 && events[0].data.fd == epoll);
    close(file);
    close(pipes[0]);
    close(pipes[1]);
    close(epoll);
    close(other);
}

/* A packet whose IP header the program has made; what it leaves 0 is filled in. Where raw sockets are allowed. */
static void headers_may_be_the_programs(void) {
    struct {
        uint8_t version, service;
        uint16_t bytes, number, fragment;
        uint8_t hops, protocol;
        uint16_t checksum;
        uint32_t from, to;
        uint16_t from_port, to_port, udp_bytes, udp_checksum;
        char text[4];
    } packet = {.version = 0x45,
                .hops = 9,
                .protocol = IPPROTO_UDP,
                .to = htonl(INADDR_LOOPBACK),
                .udp_bytes = htons(12),
                .text = "raw"};
    int raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW), included = 0, udp;
    char text[8] = "";
    struct sockaddr_in from, to = loopback(0);
    socklen_t bytes = sizeof included;
    if (raw < 0) {
        CHECK(errno == EPERM);
        return;
    }
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(bind_to(udp, 0) == 0);
    packet.from_port = htons(77);
    packet.to_port = htons(port_of(udp));
    CHECK(getsockopt(raw, IPPROTO_IP, IP_HDRINCL, &included, &bytes) == 0 && included == 1);
    CHECK(sendto(raw, &packet, sizeof packet, 0, (void *)&to, sizeof to) == sizeof packet);
    bytes = sizeof from;
    CHECK(recvfrom(udp, text, sizeof text, 0, (void *)&from, &bytes) == 4);
    CHECK(strcmp(text, "raw") == 0 && from.sin_port == htons(77));
    CHECK(fails_with(sendto(raw, &packet, 8, 0, (void *)&to, sizeof to), EINVAL));
    close(raw);
    close(udp);
}

int main(void) {
    signal(SIGPIPE, SIG_DFL);
    streams_carry_bytes_in_order();
    messages_are_peeked_and_awaited();
    ends_are_seen();
    resets_are_seen();
    resets_before_accept_leave_no_more_than_the_backlog();
    broken_streams_signal();
    connections_fail_in_words();
    names_are_exclusive();
    datagrams_keep_their_bounds();
    timeouts_end_waits();
    ipv6_takes_ipv4();
    options_are_kept();
    mistakes_have_their_errors();
    headers_may_be_the_programs();
    epoll_tells_levels_and_edges();
    epoll_refuses();
    epoll_nests_no_deeper_than_it_looks();
    epoll_looks_at_each_once();
    return verdict();
}
