// SPDX-License-Identifier: MIT
// Calls: sendfile64, splice, copy_file_range
/* RLIMIT_FSIZE holds for copies inside the kernel as for writes, and what was not written stays where it was. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>
#include <sys/sendfile.h>

static int in, out, end[2], signals;
static char bytes[99], printed[8192];

static void count(int signal) {
    signals += signal == SIGXFSZ;
}

static void show_places(void) {
    int waiting = -1;
    ioctl(end[0], FIONREAD, &waiting);
    SHOW(waiting);
    SHOW(lseek(in, 0, SEEK_CUR));
    SHOW(lseek(out, 0, SEEK_CUR));
    SHOW(signals);
}

static void cut_to(off_t length) {
    ftruncate(out, length);
    lseek(out, length, SEEK_SET);
    lseek(in, 0, SEEK_SET);
}

static void send(void) {
    off_t from = 2;
    SHOW(sendfile(out, in, NULL, 16));
    show_places();
    SHOW(sendfile(out, in, NULL, 16));
    SHOW(sendfile(out, in, &from, 16));
    SHOW(from);
    show_places();
}

static void splice_out(void) {
    write(end[1], "0123456789abcdef", 16);
    SHOW(splice(end[0], NULL, out, NULL, 16, 0));
    show_places();
    SHOW(splice(end[0], NULL, out, NULL, 16, 0));
    show_places();
    SHOW(read(end[0], bytes, sizeof bytes));
}

static void copy_range(void) {
    off_t to = 8;
    SHOW(copy_file_range(in, NULL, out, NULL, 16, 0));
    SHOW(copy_file_range(in, NULL, out, NULL, 16, 0));
    SHOW(copy_file_range(in, NULL, out, &to, 16, 0));
    SHOW(to);
    SHOW(copy_file_range(in, NULL, out, &to, 0, 0));
    lseek(in, 0, SEEK_END);
    SHOW(copy_file_range(in, NULL, out, &to, 16, 0));
    show_places();
}

int main(void) {
    setvbuf(stdout, printed, _IOFBF, sizeof printed); /* what is printed may go to a file, too */
    in = file_of("in", "0123456789abcdef"), out = file_of("out", "");
    pipe2(end, O_NONBLOCK);
    signal(SIGXFSZ, count);
    SHOW(setrlimit(RLIMIT_FSIZE, &(struct rlimit){10, RLIM_INFINITY}));
    send();
    cut_to(4);
    splice_out();
    cut_to(7);
    copy_range();
    SHOW(fallocate(out, FALLOC_FL_KEEP_SIZE, 0, 20));
    SHOW(fallocate(out, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 20));
    show_places();
    SHOW(setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}));
    show_text(out);
    return 0;
}
