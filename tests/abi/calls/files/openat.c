// SPDX-License-Identifier: MIT
// Calls: openat
/* Relative names start at the descriptor, absolute ones at the root. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    file_of("folder/file", "text");
    int folder = open("folder", O_RDONLY), file = open("folder/file", O_RDONLY);
    SHOW(openat(folder, "file", O_RDONLY));
    SHOW(openat(folder, "../folder/file", O_RDONLY));
    SHOW(openat(99, "/dev/null", O_RDONLY));
    SHOW(openat(99, "file", O_RDONLY));
    SHOW(openat(file, "file", O_RDONLY));
    SHOW(openat(folder, "", O_RDONLY));
    SHOW(openat(AT_FDCWD, "folder/file", O_RDONLY));
    return 0;
}
