// SPDX-License-Identifier: MIT
/*
 * What the network costs between two tenants: `echo serve`, and `echo ask COUNT ADDRESS [CONTEXT]` beside it.
 *
 *   udp N       nanoseconds of a round trip of 1 KiB
 *   tcp N       of 64 bytes on a connection
 *   connect N   of connect, accept and close
 *   stream N    of 64 KiB one way, on a connection
 *   link, link-connect, link-stream    as tcp, connect and stream by AF_VSOCK, if a context id is given
 *
 * Where time counts instructions, so do these. Each is the mean of COUNT, after a few that do not count.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif
#define ANY_CONTEXT "4294967295"

#define PORT      7
#define STREAM    8 /* the port of the stream */
#define DATAGRAM  1024
#define MESSAGE   64
#define PIECE     4096
#define STREAMED  65536
#define UNCOUNTED 16
#define SECOND    1000000000ll

static char bytes[STREAMED];

static void check(bool good, const char *what) {
    if (good)
        return;
    perror(what);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

union place {
    struct sockaddr any;
    struct sockaddr_in internet;
    struct { /* struct sockaddr_vm, which musl has not */
        uint16_t family, reserved;
        uint32_t port, context;
        uint8_t flags, zero[3];
    } link;
};

/* A dotted address, or a context id. */
static union place place(const char *address, uint16_t port) {
    union place made = {.internet = {.sin_family = AF_INET, .sin_port = htons(port)}};
    if (strchr(address, '.')) {
        check(inet_pton(AF_INET, address, &made.internet.sin_addr) == 1, address);
        return made;
    }
    made.link.family = AF_VSOCK;
    made.link.reserved = 0;
    made.link.port = port;
    made.link.context = (uint32_t)strtoul(address, NULL, 10);
    return made;
}

static int open_at(int kind, const char *address, uint16_t port, bool serves) {
    union place at = place(address, port);
    int made = socket(at.any.sa_family, kind, 0), on = 1;
    check(made >= 0, "socket");
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (kind == SOCK_STREAM)
        setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    check((serves ? bind : connect)(made, &at.any, sizeof at.internet) == 0, address);
    check(!serves || kind == SOCK_DGRAM || listen(made, 8) == 0, "listen");
    return made;
}

static void read_all(int from, size_t wanted) {
    for (size_t done = 0; done < wanted;) {
        ssize_t some = read(from, bytes, wanted - done);
        check(some > 0, "read");
        done += (size_t)some;
    }
}

/* ---- serve --------------------------------------------------------------------------------------- */

static void serve_datagrams(void) {
    int served = open_at(SOCK_DGRAM, "0.0.0.0", PORT, true);
    for (;;) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t some = recvfrom(served, bytes, DATAGRAM, 0, (struct sockaddr *)&from, &length);
        check(some >= 0, "recvfrom");
        sendto(served, bytes, (size_t)some, 0, (struct sockaddr *)&from, length);
    }
}

/* Each message is answered; of a stream each STREAMED bytes are, by one. */
static void serve_connections(const char *address, uint16_t port) {
    int listener = open_at(SOCK_STREAM, address, port, true), on = 1;
    for (;;) {
        int served = accept(listener, NULL, NULL);
        size_t got = 0;
        ssize_t some;
        check(served >= 0, "accept");
        setsockopt(served, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        while ((some = read(served, bytes, port == PORT ? MESSAGE : PIECE)) > 0) {
            got += (size_t)some;
            if (port == PORT)
                write(served, bytes, (size_t)some);
            else if (got % STREAMED == 0)
                write(served, bytes, 1);
        }
        close(served);
    }
}

/* ---- ask ----------------------------------------------------------------------------------------- */

static int udp, tcp, stream;
static const char *server;

static void ask_datagram(void) {
    check(send(udp, bytes, DATAGRAM, 0) == DATAGRAM, "send");
    check(recv(udp, bytes, DATAGRAM, 0) == DATAGRAM, "recv");
}

static void ask_message(void) {
    check(write(tcp, bytes, MESSAGE) == MESSAGE, "write");
    read_all(tcp, MESSAGE);
}

static void ask_connection(void) {
    close(open_at(SOCK_STREAM, server, PORT, false));
}

static void ask_stream(void) {
    for (size_t done = 0; done < STREAMED; done += PIECE)
        check(write(stream, bytes, PIECE) == PIECE, "write");
    read_all(stream, 1);
}

static void measure(const char *name, void (*turn)(void), int count) {
    for (int n = 0; n < UNCOUNTED; n++)
        turn();
    int64_t began = now();
    for (int n = 0; n < count; n++)
        turn();
    printf("%s %lld\n", name, (long long)((now() - began) / count));
}

static void serve(void) {
    if (fork() == 0)
        serve_datagrams();
    if (fork() == 0) /* ends at once where there is no AF_VSOCK */
        serve_connections(ANY_CONTEXT, fork() == 0 ? STREAM : PORT);
    serve_connections("0.0.0.0", fork() == 0 ? STREAM : PORT);
}

/* What there is on connections of one family. */
static void measure_connections(const char *of_stream, const char *of_connection,
                                const char *of_message, int count) {
    stream = open_at(SOCK_STREAM, server, STREAM, false);
    measure(of_stream, ask_stream, count / 4);
    measure(of_connection, ask_connection, count / 4);
    tcp = open_at(SOCK_STREAM, server, PORT, false);
    measure(of_message, ask_message, count);
    close(stream);
    close(tcp);
}

int main(int count, char **words) {
    if (count == 2 && strcmp(words[1], "serve") == 0)
        serve();
    if ((count != 4 && count != 5) || strcmp(words[1], "ask") != 0) {
        fprintf(stderr, "usage: echo serve | echo ask COUNT ADDRESS [CONTEXT]\n");
        return 2;
    }
    server = words[3];
    udp = open_at(SOCK_DGRAM, server, PORT, false);
    measure("udp", ask_datagram, atoi(words[2]));
    measure_connections("stream", "connect", "tcp", atoi(words[2]));
    if (count == 4)
        return 0;
    server = words[4];
    measure_connections("link-stream", "link-connect", "link", atoi(words[2]));
    return 0;
}
