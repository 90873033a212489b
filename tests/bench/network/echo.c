// SPDX-License-Identifier: MIT
/*
 * What the network costs between two tenants: `echo serve`, and `echo ask ADDRESS COUNT` beside it.
 *
 *   udp N       nanoseconds of a round trip of 1 KiB
 *   tcp N       of 64 bytes on a connection
 *   connect N   of connect, accept and close
 *   stream N    of 64 KiB one way, on a connection
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

static struct sockaddr_in place(const char *address, uint16_t port) {
    struct sockaddr_in made = {.sin_family = AF_INET, .sin_port = htons(port)};
    check(inet_pton(AF_INET, address, &made.sin_addr) == 1, address);
    return made;
}

static int open_at(int kind, const char *address, uint16_t port, bool serves) {
    struct sockaddr_in at = place(address, port);
    int made = socket(AF_INET, kind, 0), on = 1;
    check(made >= 0, "socket");
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (kind == SOCK_STREAM)
        setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    check((serves ? bind : connect)(made, (struct sockaddr *)&at, sizeof at) == 0, address);
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
static void serve_connections(uint16_t port) {
    int listener = open_at(SOCK_STREAM, "0.0.0.0", port, true), on = 1;
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

int main(int count, char **words) {
    if (count == 2 && strcmp(words[1], "serve") == 0) {
        if (fork() == 0)
            serve_datagrams();
        serve_connections(fork() == 0 ? STREAM : PORT);
    }
    if (count != 4 || strcmp(words[1], "ask") != 0) {
        fprintf(stderr, "usage: echo serve | echo ask ADDRESS COUNT\n");
        return 2;
    }
    server = words[2];
    udp = open_at(SOCK_DGRAM, server, PORT, false);
    stream = open_at(SOCK_STREAM, server, STREAM, false);
    measure("udp", ask_datagram, atoi(words[3]));
    measure("stream", ask_stream, atoi(words[3]) / 4);
    measure("connect", ask_connection, atoi(words[3]) / 4);
    tcp = open_at(SOCK_STREAM, server, PORT, false);
    measure("tcp", ask_message, atoi(words[3]));
    return 0;
}
