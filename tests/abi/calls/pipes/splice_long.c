// SPDX-License-Identifier: MIT
// Calls: splice
/* A splice moves what there is, page after page, and waits for nothing once it has moved some. */
#include "tests/abi/calls/show.h"

#include <sys/socket.h>

#define BYTES 200000

static int one[2], other[2];
static char bytes[BYTES], got[BYTES];

static void from_a_file(void) {
    int file = file_of("file", ""), out = file_of("out", "");
    SHOW(write(file, bytes, BYTES));
    lseek(file, 0, SEEK_SET);
    SHOW(splice(file, NULL, one[1], NULL, BYTES, 0)); /* nobody reads */
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(splice(file, NULL, one[1], NULL, BYTES, SPLICE_F_NONBLOCK));
    SHOW(splice(one[0], NULL, out, NULL, BYTES, 0)); /* nobody writes */
    SHOW(pread(out, got, BYTES, 0));
    SHOW(memcmp(bytes, got, 65536));
    close(file);
    close(out);
}

static void from_pipe_to_pipe(void) {
    SHOW(write(one[1], bytes, 30000));
    SHOW(splice(one[0], NULL, other[1], NULL, BYTES, 0));
    SHOW(splice(one[0], NULL, other[1], NULL, BYTES, SPLICE_F_NONBLOCK));
    SHOW(read(other[0], got, BYTES));
    SHOW(memcmp(bytes, got, 30000));
}

static void from_a_socket(void) {
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    SHOW(write(pair[0], bytes, 20000));
    SHOW(splice(pair[1], NULL, one[1], NULL, 30000, 0));
    SHOW(read(one[0], got, BYTES));
    SHOW(memcmp(bytes, got, 20000));
    close(pair[0]);
    SHOW(splice(pair[1], NULL, one[1], NULL, 30000, 0));
    close(pair[1]);
}

/* One at a time. */
static void from_datagrams(void) {
    int pair[2];
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    SHOW(write(pair[0], "first", 5));
    SHOW(write(pair[0], "second", 6));
    SHOW(splice(pair[1], NULL, one[1], NULL, BYTES, 0));
    SHOW(splice(pair[1], NULL, one[1], NULL, BYTES, 0));
    SHOW(read(one[0], got, BYTES));
    SHOW(write(pair[0], bytes, 4096));
    SHOW(write(pair[0], bytes, 6000)); /* more than a page */
    SHOW(write(pair[0], "third", 5));
    SHOW(splice(pair[1], NULL, one[1], NULL, BYTES, 0));
    SHOW(splice(pair[1], NULL, one[1], NULL, BYTES, 0));
    SHOW(splice(pair[1], NULL, one[1], NULL, BYTES, SPLICE_F_NONBLOCK));
    SHOW(read(one[0], got, BYTES));
    SHOW(memcmp(bytes, got + 4096, 6000));
    close(pair[0]);
    close(pair[1]);
}

static void those_that_move_nothing(void) {
    int log = open("log", O_CREAT | O_WRONLY | O_APPEND, 0600);
    SHOW(splice(99, NULL, 98, NULL, 0, 0));
    SHOW(splice(99, NULL, 98, NULL, 1, 64));
    SHOW(splice(99, NULL, 98, NULL, 1, 0));
    SHOW(write(one[1], "text", 4));
    SHOW(splice(one[0], NULL, log, NULL, 4, 0));
    SHOW(read(one[0], got, 9));
    close(one[1]);
    SHOW(splice(one[0], NULL, other[1], NULL, 9, 0));
    SHOW(splice(one[0], NULL, log, NULL, 9, 0));
    close(log);
}

int main(void) {
    for (int i = 0; i < BYTES; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    pipe(one);
    pipe(other);
    from_a_file();
    from_pipe_to_pipe();
    from_a_socket();
    from_datagrams();
    those_that_move_nothing();
    return 0;
}
