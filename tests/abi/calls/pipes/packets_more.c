// SPDX-License-Identifier: MIT
// Calls: pipe2, fcntl64
/* Packets of a pipe: how long, how many, beside bytes of a stream, and in a pipe of another size. */
#include "tests/abi/calls/show.h"

#include <poll.h>

static char bytes[16384];

static int readable(int end) {
    int count = -1;
    ioctl(end, FIONREAD, &count);
    return count;
}

static void show_full(int end[2]) {
    struct pollfd out = {.fd = end[1], .events = POLLOUT};
    int count = 0;
    while (write(end[1], "x", 1) == 1)
        count++;
    SHOW(count);
    SHOW(poll(&out, 1, 0));
    SHOW(readable(end[0]));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 4096));
    SHOW(read(end[0], bytes, 9));
    SHOW(poll(&out, 1, 0));
    SHOW(write(end[1], "last", 4));
    SHOW(fcntl(end[0], F_SETPIPE_SZ, 32 * 4096));
    while (read(end[0], bytes, 9) == 1)
        count--;
    SHOW(count);
}

int main(void) {
    int end[2];
    SHOW(pipe2(end, O_DIRECT | O_NONBLOCK));
    SHOW(fcntl(end[1], F_GETFL) & O_DIRECT);
    SHOW(write(end[1], "", 0));
    SHOW(read(end[0], bytes, 9));
    /* longer than PIPE_BUF: more packets than one */
    SHOW(write(end[1], bytes, 10000));
    SHOW(readable(end[0]));
    SHOW(read(end[0], bytes, sizeof bytes));
    SHOW(read(end[0], bytes, 96));
    SHOW(read(end[0], bytes, sizeof bytes));
    /* a packet, then a stream, then a packet: a read ends with a packet */
    SHOW(write(end[1], "one", 3));
    SHOW(fcntl(end[1], F_SETFL, O_NONBLOCK));
    SHOW(write(end[1], "two", 3));
    SHOW(write(end[1], "three", 5));
    SHOW(read(end[0], bytes, 5));
    SHOW(read(end[0], bytes, 5));
    SHOW(read(end[0], bytes, 5));
    SHOW(fcntl(end[1], F_SETFL, O_NONBLOCK | O_DIRECT));
    SHOW(write(end[1], "four", 4));
    SHOW(write(end[1], "five", 4));
    SHOW(read(end[0], nowhere, 4));
    SHOW(read(end[0], bytes, 2));
    SHOW(read(end[0], bytes, 9));
    show_full(end);
    return 0;
}
