// SPDX-License-Identifier: MIT
// Calls: sendfile64, splice, copy_file_range, ftruncate64, truncate64
/* A file that runs as its owner or group does so no more once another than root has written to it, in whatever way. */
#include "tests/abi/calls/show.h"

#include <sys/sendfile.h>

static int in, out, end[2];

static void show_mode(void) {
    struct stat status;
    fstat(out, &status);
    printf("its mode is %o\n", (unsigned)status.st_mode);
    fchmod(out, 06777);
    lseek(in, 0, SEEK_SET);
}

/* A group's right without its execution stays with those in the group. */
static void strangers_write(void) {
    fchmod(out, 02766);
    pid_t child = fork();
    if (child == 0)
        _exit(setresgid(1001, 1001, 1001) != 0 || setresuid(1001, 1001, 1001) != 0 ||
              write(out, "x", 1) != 1);
    SHOW_END(child);
    show_mode();
}

int main(void) {
    in = file_of("in", "text"), out = file_of("out", "");
    pipe(end);
    chmod(".", 0777);
    SHOW(fchown(out, 1000, 1000));
    fchmod(out, 06777);
    SHOW(write(out, "x", 1));
    show_mode();
    strangers_write();
    SHOW(setresgid(1000, 1000, 1000));
    SHOW(setresuid(1000, 1000, 1000));
    SHOW(write(out, "x", 0));
    show_mode();
    SHOW(write(out, "x", 1));
    show_mode();
    SHOW(sendfile(out, in, NULL, 4));
    show_mode();
    SHOW(write(end[1], "text", 4));
    SHOW(splice(end[0], NULL, out, NULL, 4, 0));
    show_mode();
    SHOW(copy_file_range(in, NULL, out, NULL, 4, 0));
    show_mode();
    SHOW(ftruncate(out, 3));
    show_mode();
    SHOW(truncate("out", 3));
    show_mode();
    SHOW(open("out", O_WRONLY | O_TRUNC));
    show_mode();
    fchmod(out, 02767);
    SHOW(write(out, "x", 1));
    show_mode();
    return 0;
}
