// SPDX-License-Identifier: MIT
/*
 * Sockets within one machine: local ones, and TCP over the loopback.
 */
#include "tests/bench/mbench/measure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define STREAMED 65536

static char bytes[STREAMED];
static struct sockaddr_in address;
static int listener;

static int stream(int count) {
    while (count--)
        for (int done = 0; done < STREAMED;) {
            ssize_t some = write(writes_to, bytes + done, (size_t)(STREAMED - done));
            if (some <= 0)
                return -1;
            done += (int)some;
        }
    return 0;
}

static _Noreturn void drain(int from) {
    while (read(from, bytes, STREAMED) > 0)
        continue;
    _exit(0);
}

/* What goes to a child through `mine`; the child has `its` alone. */
static void measure_with_child(const char *name, operation *operate, int count, int mine, int its) {
    pid_t child = fork();
    if (child == 0) {
        close(mine);
        close(listener);
        if (operate == stream)
            drain(its);
        echo(its, its);
    }
    close(its);
    reads_from = writes_to = mine;
    measure(name, operate, count);
    close(mine);
    waitpid(child, NULL, 0);
}

static void measure_local(const char *name, operation *operate, int count) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
        fail(name);
    else
        measure_with_child(name, operate, count, ends[0], ends[1]);
}

static bool listen_somewhere(void) {
    socklen_t length = sizeof address;
    int on = 1;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(listener, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(listener, 16) == 0 &&
           getsockname(listener, (struct sockaddr *)&address, &length) == 0;
}

static bool connect_pair(int ends[2]) {
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    return ends[0] >= 0 && connect(ends[0], (struct sockaddr *)&address, sizeof address) == 0 &&
           (ends[1] = accept(listener, NULL, NULL)) >= 0;
}

static void measure_tcp(const char *name, operation *operate, int count) {
    int ends[2], on = 1;
    if (!connect_pair(ends)) {
        fail(name);
        return;
    }
    for (int end = 0; end < 2; end++)
        setsockopt(ends[end], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    measure_with_child(name, operate, count, ends[0], ends[1]);
}

/* Closed by a reset, so that nothing waits for what may be under way still. */
static int connect_and_close(int count) {
    const struct linger reset = {1, 0};
    while (count--) {
        int ends[2];
        if (!connect_pair(ends))
            return -1;
        setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(ends[0]);
        close(ends[1]);
    }
    return 0;
}

void measure_sockets(void) {
    signal(SIGPIPE, SIG_IGN);
    listener = -1;
    measure_local("unix_round_trip", ping_pong, 1000);
    measure_local("unix_stream_64K", stream, 64);
    if (!listen_somewhere()) {
        fail("tcp");
        return;
    }
    measure_tcp("tcp_round_trip", ping_pong, 500);
    measure("tcp_connect_close", connect_and_close, 100);
    measure_tcp("tcp_stream_64K", stream, 64);
    close(listener);
}
