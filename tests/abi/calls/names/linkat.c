// SPDX-License-Identifier: MIT
// Calls: linkat
/* A link is linked itself, or what it leads to. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text");
    symlink("file", "soft");
    SHOW(linkat(AT_FDCWD, "soft", AT_FDCWD, "to_link", 0));
    SHOW(linkat(AT_FDCWD, "soft", AT_FDCWD, "to_file", AT_SYMLINK_FOLLOW));
    lstat("to_link", &status);
    SHOW(S_ISLNK(status.st_mode));
    lstat("to_file", &status);
    SHOW(S_ISREG(status.st_mode));
    SHOW(linkat(file, "", AT_FDCWD, "by_descriptor", AT_EMPTY_PATH));
    SHOW(linkat(AT_FDCWD, "file", AT_FDCWD, "x", 1));
    return 0;
}
