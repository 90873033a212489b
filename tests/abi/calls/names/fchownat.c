// SPDX-License-Identifier: MIT
// Calls: fchownat
/* The flags of fchownat(). */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text");
    symlink("file", "link");
    SHOW(fchownat(AT_FDCWD, "link", 1000, -1, AT_SYMLINK_NOFOLLOW));
    SHOW(fchownat(file, "", 1001, -1, AT_EMPTY_PATH));
    fstat(file, &status);
    SHOW(status.st_uid);
    SHOW(fchownat(AT_FDCWD, "link", 1000, -1, 1));
    SHOW(fchownat(file, "", 1001, -1, 0));
    return 0;
}
