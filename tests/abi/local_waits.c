// SPDX-License-Identifier: MIT
/*
 * AF_UNIX: whoever waits for room in a queue, in a call or in poll(), goes on when there is some, or when there never will be; and
 * what a new peer, or the lack of one, does to a datagram socket.
 */
#include "tests/abi/check.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#define DATAGRAMS  300
#define BIG        60000
#define PATIENCE   5000
#define PAUSE      100000 /* microseconds, in which the other one surely waits */
#define NAME_BYTES (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 2)

static char bytes[BIG];
static int ends[2];

static struct sockaddr_un name_of(char letter) {
    return (struct sockaddr_un){.sun_family = AF_UNIX, .sun_path = {'\0', letter}};
}

static int datagrams_at(char letter) {
    struct sockaddr_un name = name_of(letter);
    int one = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(bind(one, (void *)&name, NAME_BYTES) == 0);
    return one;
}

static int connect_to(int one, char letter) {
    struct sockaddr_un name = name_of(letter);
    return connect(one, (void *)&name, NAME_BYTES);
}

static int send_to(int one, char letter) {
    struct sockaddr_un name = name_of(letter);
    return (int)sendto(one, "x", 1, 0, (void *)&name, NAME_BYTES);
}

static short events_of(int one, short wanted, int patience) {
    struct pollfd look = {one, wanted, 0};
    poll(&look, 1, patience);
    return look.revents;
}

static void fill(int one, size_t size) {
    while (send(one, bytes, size, MSG_DONTWAIT) > 0)
        continue;
}

/* ---- Room ---- */

static void *send_datagrams(void *unused) {
    static char datagram[BIG];
    (void)unused;
    intptr_t sent = 0;
    while (sent < DATAGRAMS && send(ends[0], datagram, BIG, 0) == BIG)
        sent++;
    return (void *)sent;
}

/* The queue becomes full while the reader copies. */
static void no_wake_is_lost(void) {
    pthread_t sender;
    void *sent;
    int received = 0;
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    CHECK(pthread_create(&sender, NULL, send_datagrams, NULL) == 0);
    alarm(30); /* a sender that sleeps for ever ends the test */
    while (received < DATAGRAMS && recv(ends[1], bytes, BIG, 0) == BIG)
        received++;
    CHECK(pthread_join(sender, &sent) == 0 && (intptr_t)sent == DATAGRAMS);
    alarm(0);
    CHECK(received == DATAGRAMS);
    close(ends[0]);
    close(ends[1]);
}

static void poll_for_room(int client, short expected) {
    short told = events_of(client, POLLOUT, PATIENCE);
    _exit((told & POLLOUT) == expected ? 0 : 1);
}

/* Many are connected to a server that is connected to nobody. */
static void pollers_hear_of_room_and_of_the_end(void) {
    int status, server = datagrams_at('s'), client = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(connect_to(client, 's') == 0);
    fill(client, 4000);
    CHECK(events_of(client, POLLOUT, 0) == 0);
    pid_t child = fork();
    if (child == 0)
        poll_for_room(client, POLLOUT);
    usleep(PAUSE);
    while (recv(server, bytes, BIG, MSG_DONTWAIT) > 0)
        continue;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    fill(client, 4000);
    child = fork();
    if (child == 0) {
        close(server);
        poll_for_room(client, POLLOUT);
    }
    usleep(PAUSE);
    close(server);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(fails_with(send(client, "x", 1, 0), ECONNREFUSED));
    close(client);
}

/* With EPOLLET nobody asks again: a send that failed is what says that somebody waits. */
static void edges_come_after_a_send_that_failed(void) {
    struct epoll_event wanted = {.events = EPOLLOUT | EPOLLET}, told;
    int poller = epoll_create1(0);
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    CHECK(epoll_ctl(poller, EPOLL_CTL_ADD, ends[0], &wanted) == 0);
    CHECK(epoll_wait(poller, &told, 1, 0) == 1 && epoll_wait(poller, &told, 1, 0) == 0);
    fill(ends[0], 4000);
    while (recv(ends[1], bytes, BIG, MSG_DONTWAIT) > 0)
        continue;
    CHECK(epoll_wait(poller, &told, 1, PATIENCE) == 1 && told.events == EPOLLOUT);
    close(poller);
    close(ends[0]);
    close(ends[1]);
}

/* What poll() promises is room for the largest packet. */
static void packets_have_the_room_that_was_promised(void) {
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) == 0);
    fill(ends[0], 3000);
    int kept = 1;
    for (int n = 0; n < 60 && recv(ends[1], bytes, BIG, 0) > 0; n++)
        if ((events_of(ends[0], POLLOUT, 0) & POLLOUT) != 0)
            kept &= send(ends[0], bytes, BIG, 0) == BIG;
    CHECK(kept);
    close(ends[0]);
    close(ends[1]);
}

/* ---- Peers ---- */

/* The errno of a write, or the signal of it, negative. */
static int outcome(int type, void (*spoil)(void)) {
    int status;
    CHECK(socketpair(AF_UNIX, type, 0, ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        spoil();
        _exit(write(ends[0], "x", 1) < 0 ? errno : 0);
    }
    close(ends[1]);
    CHECK(waitpid(child, &status, 0) == child);
    close(ends[0]);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void shut_own(void) {
    shutdown(ends[0], SHUT_WR);
}

static void shut_other(void) {
    shutdown(ends[1], SHUT_RD);
}

static void close_other(void) {
    usleep(PAUSE); /* until the parent has closed its own */
    close(ends[1]);
}

static void streams_alone_have_a_signal(void) {
    CHECK(outcome(SOCK_STREAM, shut_own) == -SIGPIPE);
    CHECK(outcome(SOCK_STREAM, shut_other) == -SIGPIPE);
    CHECK(outcome(SOCK_STREAM, close_other) == -SIGPIPE);
    CHECK(outcome(SOCK_SEQPACKET, shut_own) == EPIPE);
    CHECK(outcome(SOCK_SEQPACKET, shut_other) == EPIPE);
    CHECK(outcome(SOCK_SEQPACKET, close_other) == EPIPE);
    CHECK(outcome(SOCK_DGRAM, shut_own) == EPIPE);
    CHECK(outcome(SOCK_DGRAM, shut_other) == EPIPE);
    CHECK(outcome(SOCK_DGRAM, close_other) == ECONNREFUSED);
}

static int arrives_at(int one) {
    char text[4];
    return recv(one, text, sizeof text, MSG_DONTWAIT) >= 0;
}

static void a_new_peer_ends_what_others_sent(void) {
    int one = datagrams_at('1'), two = datagrams_at('2'), three = datagrams_at('3');
    CHECK(send_to(two, '1') == 1 && connect_to(one, '3') == 0);
    CHECK(arrives_at(one)); /* it had no peer before */
    CHECK(connect_to(three, '1') == 0 && send(three, "x", 1, 0) == 1);
    CHECK(connect_to(one, '3') == 0 && arrives_at(one)); /* the same one */
    CHECK(send(three, "x", 1, 0) == 1 && connect_to(one, '2') == 0);
    CHECK(!arrives_at(one));
    CHECK((events_of(three, POLLIN, 0) & POLLERR) != 0);
    CHECK(fails_with(send(three, "x", 1, 0), ECONNRESET)); /* what it sent is lost */
    CHECK(fails_with(send(three, "x", 1, 0), EPERM));
    CHECK(send_to(two, '1') == 1);
    CHECK(connect(one, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)) == 0);
    CHECK(!arrives_at(one));
    close(one);
    close(two);
    close(three);
}

static void who_waits_hears_of_a_new_peer(void) {
    int status, one = datagrams_at('1'), two = datagrams_at('2'), three = datagrams_at('3');
    CHECK(connect_to(one, '2') == 0 && connect_to(two, '1') == 0);
    fill(two, 4000);
    pid_t child = fork();
    if (child == 0)
        _exit(fails_with(send(two, bytes, 4000, 0), ECONNRESET) ? 0 : 1);
    usleep(PAUSE);
    CHECK(connect_to(one, '3') == 0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(one);
    close(two);
    close(three);
}

int main(void) {
    no_wake_is_lost();
    pollers_hear_of_room_and_of_the_end();
    edges_come_after_a_send_that_failed();
    packets_have_the_room_that_was_promised();
    streams_alone_have_a_signal();
    a_new_peer_ends_what_others_sent();
    who_waits_hears_of_a_new_peer();
    return verdict();
}
