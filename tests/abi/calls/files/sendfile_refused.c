// SPDX-License-Identifier: MIT
// Calls: sendfile64
/* The offset of a file that is sent moves on by what was taken. */
#include "tests/abi/calls/show.h"

#include <sys/sendfile.h>
#include <sys/socket.h>

#define BYTES 300000

static int in;
static char bytes[BYTES], got[BYTES];

static off_t place(void) {
    return lseek(in, 0, SEEK_CUR);
}

/* How much a socket takes is not the same everywhere. */
static void to_a_socket(void) {
    int pair[2], sent = 0, received = 0, moved;
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
    while (received < BYTES) {
        while ((moved = sendfile(pair[0], in, NULL, BYTES)) > 0)
            sent += moved;
        if (sent != place())
            SHOW(sent - place());
        while ((moved = read(pair[1], got + received, BYTES - received)) > 0)
            received += moved;
    }
    SHOW(sent);
    SHOW(received);
    SHOW(memcmp(bytes, got, BYTES));
    while (write(pair[0], bytes, 1000) > 0 || write(pair[0], bytes, 1) > 0) {
    }
    off_t from = 10;
    SHOW(sendfile(pair[0], in, &from, 20));
    SHOW(from);
    lseek(in, 5, SEEK_SET);
    close(pair[1]);
    SHOW(sendfile(pair[0], in, NULL, 20));
    SHOW(place());
    close(pair[0]);
}

static void to_a_pipe(void) {
    off_t from = 4096;
    int end[2];
    pipe(end);
    lseek(in, 0, SEEK_SET);
    SHOW(sendfile(end[1], in, NULL, BYTES)); /* as much as there is room for */
    SHOW(place());
    fcntl(end[1], F_SETFL, O_NONBLOCK);
    SHOW(sendfile(end[1], in, NULL, BYTES));
    SHOW(place());
    SHOW(read(end[0], got, 65536));
    SHOW(memcmp(bytes, got, 65536));
    SHOW(sendfile(end[1], in, &from, 8192));
    SHOW(from);
    SHOW(read(end[0], got, 65536));
    SHOW(memcmp(bytes + 4096, got, 8192));
    close(end[0]);
    SHOW(sendfile(end[1], in, NULL, 8192));
    SHOW(place());
    close(end[1]);
}

static void to_a_log(void) {
    int out = open("log", O_CREAT | O_WRONLY | O_APPEND, 0600);
    SHOW(sendfile(out, in, NULL, 10));
    SHOW(place());
    close(out);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < BYTES; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    in = file_of("in", "");
    SHOW(write(in, bytes, BYTES));
    lseek(in, 0, SEEK_SET);
    to_a_socket();
    to_a_pipe();
    to_a_log();
    return 0;
}
