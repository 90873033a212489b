// SPDX-License-Identifier: MIT
// Calls: open
/* O_TMPFILE makes a file without a name, which may be given one. */
#include "tests/abi/calls/show.h"

#include <sys/stat.h>

int main(void) {
    struct stat status;
    char path[40];
    int file = SHOW(open(".", O_TMPFILE | O_RDWR, 0640));
    SHOW(open(".", O_TMPFILE | O_RDONLY, 0640));
    SHOW(write(file, "text", 4));
    SHOW(fstat(file, &status));
    SHOW(status.st_nlink);
    SHOW(status.st_mode);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    SHOW(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    SHOW(fstat(file, &status));
    SHOW(status.st_nlink);
    SHOW(access("named", F_OK));
    return 0;
}
