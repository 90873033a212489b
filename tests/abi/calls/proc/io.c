// SPDX-License-Identifier: MIT
// Calls: open, write, pread64, sendfile64 (sendfile)
/* What a process has moved, and its children that it has waited for. */
#include "tests/abi/calls/show.h"

#include <sys/sendfile.h>

struct counts {
    long long read, written, reads, writes;
};

static struct counts look(void) {
    struct counts counts = {-1, -1, -1, -1};
    char text[500] = "";
    int file = open("/proc/self/io", O_RDONLY);
    if (read(file, text, sizeof text - 1) > 0)
        sscanf(text, "rchar: %lld wchar: %lld syscr: %lld syscw: %lld", &counts.read,
               &counts.written, &counts.reads, &counts.writes);
    close(file);
    return counts;
}

/* The reading of the first text is in the second one, and not the same number of bytes everywhere. */
static void show_since(const char *what, struct counts before) {
    struct counts now = look();
    printf("%s: %lld bytes written by %lld calls, %lld calls read\n", what,
           now.written - before.written, now.writes - before.writes, now.reads - before.reads);
}

int main(void) {
    char bytes[100];
    int file = file_of("file", "0123456789"), copy = file_of("copy", "");
    struct counts before = look();
    show_since("nothing", before);
    before = look();
    if (write(file, "abc", 3) + pread(file, bytes, 10, 0) + pread(file, bytes, 9, 100) != 13)
        perror("file");
    show_since("a file", before);
    before = look();
    if (write(-1, "abc", 3) + write(file, nowhere, 7) + read(file, nowhere, 0) == 0)
        perror("errors");
    show_since("errors", before);
    before = look();
    lseek(file, 0, SEEK_SET);
    if (sendfile(copy, file, NULL, 50) != 10)
        perror("sendfile");
    show_since("a copy", before);
    before = look();
    pid_t child = fork();
    if (child == 0)
        _exit(write(copy, bytes, 55) != 55);
    sleep_ms(100);
    show_since("a child", before);
    before = look();
    waitpid(child, NULL, 0);
    show_since("a child that was waited for", before);
    return 0;
}
