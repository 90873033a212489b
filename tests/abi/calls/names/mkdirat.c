// SPDX-License-Identifier: MIT
// Calls: mkdirat
/* A folder in a folder that is open, also one that has no name any more. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    int folder = open("folder", O_RDONLY);
    SHOW(mkdirat(folder, "new", 0700));
    SHOW(access("folder/new", F_OK));
    rmdir("folder/new");
    rmdir("folder");
    SHOW(mkdirat(folder, "new", 0700));
    SHOW(openat(folder, "file", O_CREAT | O_WRONLY, 0600));
    SHOW(mkdirat(99, "new", 0700));
    return 0;
}
