// SPDX-License-Identifier: MIT
/*
 * AF_VSOCK between tenants, from both sides:
 *
 *   vsock cid                     the own context id
 *   vsock serve PORT              sends back what comes, connection after connection, several at a time
 *   vsock call CID PORT BYTES     sends that many, and checks that the same come back, then the end
 *   vsock many CID PORT COUNT     opens so many connections at once and keeps them; says how many it got
 *   vsock hold CID PORT           sends some, and never reads or ends, until it is killed
 *   vsock take PORT               takes one connection, says what came of reading it to its end
 *   vsock give PORT               takes one connection, sends some, and never ends
 *   vsock late CID PORT SECONDS   connects, and says after so many what comes of reading to the end
 *   vsock cut CID PORT COUNT      so many connections that are full of bytes, and cut off at once
 *   vsock swallow PORT COUNT      reads so many connections to their ends; says how many bytes were 0, which none is
 *   vsock refused CID PORT        connects, and says with which error that failed
 *   vsock checks                  what needs no other tenant
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define VSOCK     40
#define ANY       0xFFFFFFFFu
#define LOCAL_CID 0x7B9
#define PIECE     65536

struct context_name {
    unsigned short family, reserved;
    unsigned port, context;
    unsigned char flags, zero[3];
};

static unsigned char piece[PIECE], back[PIECE];

static struct context_name name_of(unsigned context, unsigned port) {
    return (struct context_name){.family = VSOCK, .port = port, .context = context};
}

static int end_at(unsigned context, unsigned port) {
    struct context_name name = name_of(context, port);
    int one = socket(VSOCK, SOCK_STREAM, 0);
    if (one >= 0 && connect(one, (struct sockaddr *)&name, sizeof name) == 0)
        return one;
    int error = errno;
    close(one);
    errno = error;
    return -1;
}

static int listen_at(unsigned port) {
    struct context_name name = name_of(ANY, port);
    int one = socket(VSOCK, SOCK_STREAM, 0);
    if (one < 0 || bind(one, (struct sockaddr *)&name, sizeof name) != 0 || listen(one, 128) != 0) {
        perror("listen");
        exit(1);
    }
    return one;
}

static unsigned own_context(void) {
    unsigned context = 0;
    int device = open("/dev/vsock", O_RDONLY);
    if (device < 0 || ioctl(device, LOCAL_CID, &context) != 0)
        exit(1);
    close(device);
    return context;
}

static void write_all(int to, const unsigned char *from, size_t bytes) {
    while (bytes > 0) {
        ssize_t done = write(to, from, bytes);
        if (done <= 0)
            _exit(1);
        from += done;
        bytes -= (size_t)done;
    }
}

/* ---- A server ---- */

static void send_back(int one) {
    ssize_t bytes;
    while ((bytes = read(one, back, sizeof back)) > 0)
        write_all(one, back, (size_t)bytes);
}

static int serve(unsigned port) {
    int listener = listen_at(port);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int one = accept(listener, NULL, NULL);
        if (one < 0)
            return 1;
        if (fork() == 0) {
            close(listener);
            send_back(one);
            _exit(0);
        }
        close(one);
    }
}

/* ---- A client ---- */

static void fill(unsigned char *to, size_t bytes, unsigned long long from) {
    for (size_t n = 0; n < bytes; n++)
        to[n] = (unsigned char)((from + n) * 2654435761u >> 13);
}

/* Writes while it can, reads what has come: neither side may wait for the other. */
static int call(unsigned context, unsigned port, unsigned long long bytes) {
    unsigned long long sent = 0, received = 0;
    int one = end_at(context, port);
    if (one < 0)
        return perror("connect"), 1;
    fcntl(one, F_SETFL, O_NONBLOCK);
    while (received < bytes) {
        struct pollfd ready = {one, (short)(POLLIN | (sent < bytes ? POLLOUT : 0)), 0};
        poll(&ready, 1, -1);
        if (ready.revents & POLLOUT && sent < bytes) {
            size_t some = bytes - sent < PIECE ? (size_t)(bytes - sent) : PIECE;
            fill(piece, some, sent);
            ssize_t done = write(one, piece, some);
            sent += done > 0 ? (unsigned long long)done : 0;
            if (sent == bytes)
                shutdown(one, SHUT_WR);
        }
        ssize_t came = ready.revents & (POLLIN | POLLHUP) ? read(one, back, PIECE) : -1;
        if (came == 0 || (came < 0 && ready.revents & POLLIN && errno != EAGAIN))
            return fprintf(stderr, "ended after %llu bytes: %s\n", received,
                           strerror(came ? errno : 0)),
                   1;
        if (came < 0)
            continue;
        fill(piece, (size_t)came, received);
        if (memcmp(piece, back, (size_t)came) != 0)
            return fprintf(stderr, "wrong bytes after %llu\n", received), 1;
        received += (unsigned long long)came;
    }
    fcntl(one, F_SETFL, 0);
    if (read(one, back, 1) != 0)
        return fputs("no end\n", stderr), 1;
    printf("%llu bytes came back\n", received);
    return 0;
}

static int many(unsigned context, unsigned port, int count) {
    int got = 0;
    while (got < count && end_at(context, port) >= 0)
        got++;
    printf("%d connections\n", got);
    return 0;
}

static int hold(unsigned context, unsigned port) {
    int one = end_at(context, port);
    if (one < 0)
        return perror("connect"), 1;
    write_all(one, (const unsigned char *)"some", 4);
    for (;;)
        pause();
}

static int say_what_comes(int one) {
    size_t total = 0;
    ssize_t bytes;
    while ((bytes = read(one, back, sizeof back)) > 0)
        total += (size_t)bytes;
    printf("%zu bytes, then %s\n", total, bytes == 0 ? "the end" : strerror(errno));
    return 0;
}

static int take(unsigned port) {
    return say_what_comes(accept(listen_at(port), NULL, NULL));
}

static int give(unsigned port) {
    int one = accept(listen_at(port), NULL, NULL);
    if (one < 0)
        return 1;
    write_all(one, (const unsigned char *)"some", 4);
    for (;;)
        pause();
}

static int late(unsigned context, unsigned port, unsigned seconds) {
    int one = end_at(context, port);
    sleep(seconds);
    return say_what_comes(one);
}

/* The other side refuses while it has as many as it takes from one neighbour, and has not read them yet. */
static int end_with_room_at(unsigned context, unsigned port) {
    int one = end_at(context, port);
    for (int tries = 0; one < 0 && errno == ECONNRESET && tries < 2000; tries++) {
        usleep(1000);
        one = end_at(context, port);
    }
    return one;
}

static int cut(unsigned context, unsigned port, unsigned count) {
    const struct linger at_once = {1, 0};
    memset(piece, 'x', sizeof piece);
    for (unsigned n = 0; n < count; n++) {
        int one = end_with_room_at(context, port);
        if (one < 0)
            return perror("connect"), 1;
        setsockopt(one, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        fcntl(one, F_SETFL, O_NONBLOCK);
        while (write(one, piece, sizeof piece) > 0)
            continue;
        close(one);
    }
    return 0;
}

static int swallow(unsigned port, unsigned count) {
    int listener = listen_at(port);
    unsigned zeros = 0;
    for (unsigned n = 0; n < count; n++) {
        int one = accept(listener, NULL, NULL);
        for (ssize_t bytes; (bytes = read(one, back, sizeof back)) > 0;)
            for (ssize_t at = 0; at < bytes; at++)
                zeros += back[at] != 'x';
        close(one);
    }
    printf("%u bytes are wrong\n", zeros);
    return 0;
}

static int refused(unsigned context, unsigned port) {
    if (end_at(context, port) >= 0)
        return 1;
    printf("%s\n", strerror(errno));
    return 0;
}

/* ---- What needs no other tenant ---- */

static void names_and_states(void) {
    struct context_name name = name_of(ANY, 5000), other;
    socklen_t bytes = sizeof other;
    int one = socket(VSOCK, SOCK_STREAM, 0), two = socket(VSOCK, SOCK_STREAM, 0);
    CHECK(one >= 0 && two >= 0);
    CHECK(fails_with(listen(one, 1), EINVAL));
    CHECK(fails_with(bind(one, (struct sockaddr *)&name, 8), EINVAL));
    CHECK(bind(one, (struct sockaddr *)&name, sizeof name) == 0);
    CHECK(fails_with(bind(two, (struct sockaddr *)&name, sizeof name), EADDRINUSE));
    CHECK(fails_with(bind(one, (struct sockaddr *)&name, sizeof name), EINVAL));
    CHECK(getsockname(one, (struct sockaddr *)&other, &bytes) == 0);
    CHECK(bytes == sizeof other && other.port == 5000 && other.context == ANY);
    CHECK(fails_with(getpeername(one, (struct sockaddr *)&other, &bytes), ENOTCONN));
    name = name_of(own_context() + 1, 5001);
    CHECK(fails_with(bind(two, (struct sockaddr *)&name, sizeof name), EADDRNOTAVAIL));
    CHECK(listen(one, 1) == 0);
    fcntl(one, F_SETFL, O_NONBLOCK);
    CHECK(fails_with(accept(one, NULL, NULL), EAGAIN));
    CHECK(fails_with((int)read(two, back, 1), ENOTCONN));
    CHECK(fails_with((int)send(two, back, 1, MSG_NOSIGNAL), ENOTCONN));
    close(one);
    close(two);
}

static void what_is_refused(void) {
    CHECK(fails_with(socket(VSOCK, SOCK_DGRAM, 0), ESOCKTNOSUPPORT));
    CHECK(fails_with(socket(VSOCK, SOCK_STREAM, 6), EPROTONOSUPPORT));
    CHECK(end_at(own_context(), 5000) < 0 && errno == ENODEV);
    CHECK(end_at(1, 5000) < 0 && errno == ENODEV);
    CHECK(end_at(1000000, 5000) < 0 && errno == ENODEV);
}

static int checks(void) {
    names_and_states();
    what_is_refused();
    return verdict();
}

static unsigned number(char **argv, int argc, int which) {
    return which < argc ? (unsigned)strtoul(argv[which], NULL, 0) : 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    unsigned first = number(argv, argc, 2), second = number(argv, argc, 3),
             third = number(argv, argc, 4);
    if (strcmp(what, "cid") == 0)
        return printf("%u\n", own_context()) < 0;
    if (strcmp(what, "serve") == 0)
        return serve(first);
    if (strcmp(what, "call") == 0)
        return call(first, second, third);
    if (strcmp(what, "many") == 0)
        return many(first, second, (int)third);
    if (strcmp(what, "hold") == 0)
        return hold(first, second);
    if (strcmp(what, "take") == 0)
        return take(first);
    if (strcmp(what, "give") == 0)
        return give(first);
    if (strcmp(what, "late") == 0)
        return late(first, second, third);
    if (strcmp(what, "cut") == 0)
        return cut(first, second, third);
    if (strcmp(what, "swallow") == 0)
        return swallow(first, second);
    if (strcmp(what, "refused") == 0)
        return refused(first, second);
    return checks();
}
