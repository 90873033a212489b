// SPDX-License-Identifier: MIT
// Calls: open
/* A file is opened again by /proc/self/fd, also one without a name. */
#include "tests/abi/calls/show.h"

int main(void) {
    char path[40];
    int file = file_of("file", "text");
    read(file, path, 2);
    unlink("file");
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int again = SHOW(open(path, O_RDONLY));
    SHOW(lseek(again, 0, SEEK_CUR));
    show_text(again);
    SHOW(open(path, O_RDONLY | O_NOFOLLOW));
    SHOW(open("/proc/self/fd/99", O_RDONLY));
    return 0;
}
