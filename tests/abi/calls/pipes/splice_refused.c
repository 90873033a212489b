// SPDX-License-Identifier: MIT
// Calls: splice
/* What the target of a splice does not take stays in the pipe, in its order. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>
#include <sys/socket.h>

#define BYTES 60000

static int from[2];
static char bytes[BYTES], got[BYTES];

static int waiting(void) {
    int count = -1;
    ioctl(from[0], FIONREAD, &count);
    return count;
}

static void fill(int length) {
    for (int i = 0; i < length; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    SHOW(write(from[1], bytes, length));
}

/* Is what comes now the rest, from this byte on? */
static void show_rest(int start, int length) {
    int count = read(from[0], got, sizeof got);
    printf("the rest: %d, %s\n", count,
           count == length && !memcmp(got, bytes + start, length) ? "as it was" : "changed");
}

static void to_a_file_system_without_room(void) {
    mkdir("small", 0700);
    SHOW(mount("tmpfs", "small", "tmpfs", 0, "size=4096"));
    int file = open("small/file", O_CREAT | O_RDWR, 0600);
    fill(10000);
    SHOW(splice(from[0], NULL, file, NULL, 10000, 0));
    SHOW(splice(from[0], NULL, file, NULL, 10000, 0));
    SHOW(waiting());
    show_rest(4096, 5904);
    close(file);
    SHOW(umount("small"));
}

static void to_a_full_pipe(void) {
    int to[2];
    pipe(to);
    fcntl(to[1], F_SETPIPE_SZ, 8192);
    fill(100);
    SHOW(write(to[1], bytes, 8192));
    SHOW(splice(from[0], NULL, to[1], NULL, 100, SPLICE_F_NONBLOCK));
    SHOW(waiting());
    SHOW(read(to[0], got, 8192));
    SHOW(splice(from[0], NULL, to[1], NULL, 60, 0));
    SHOW(read(to[0], got, 99));
    SHOW(waiting());
    close(to[0]);
    SHOW(splice(from[0], NULL, to[1], NULL, 40, 0));
    SHOW(waiting());
    show_rest(60, 40);
    close(to[1]);
}

/* What a socket has of so many bytes. */
static int take(int socket, char *to, int most) {
    int count = read(socket, to, most);
    return count > 0 ? count : 0;
}

/* How much a socket takes at once is not the same everywhere: in the end all of it, behind what it was full of. */
static void to_a_full_socket(void) {
    int pair[2], before = 0, sent = 0, received = 0, moved;
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
    while ((moved = write(pair[0], got, 1000)) > 0 || (moved = write(pair[0], got, 1)) > 0)
        before += moved;
    fill(BYTES);
    SHOW(splice(from[0], NULL, pair[0], NULL, BYTES, SPLICE_F_NONBLOCK));
    SHOW(waiting());
    while (before > 0 || received < BYTES) {
        if (before > 0)
            before -= take(pair[1], got, before < 3000 ? before : 3000);
        else
            received += take(pair[1], got + received, BYTES - received);
        while ((moved = splice(from[0], NULL, pair[0], NULL, BYTES, 0)) > 0)
            sent += moved;
        if (sent + waiting() != BYTES)
            SHOW(sent + waiting());
    }
    SHOW(sent);
    SHOW(memcmp(got, bytes, BYTES));
    close(pair[0]);
    close(pair[1]);
}

static void to_nobody(void) {
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    close(pair[1]);
    fill(50);
    SHOW(splice(from[0], NULL, pair[0], NULL, 50, 0));
    SHOW(waiting());
    show_rest(0, 50);
    close(pair[0]);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    pipe2(from, O_NONBLOCK);
    to_a_file_system_without_room();
    to_a_full_pipe();
    to_a_full_socket();
    to_nobody();
    return 0;
}
