// SPDX-License-Identifier: MIT
// Calls: link
/* A file has several names, a folder one. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    file_of("file", "text");
    mkdir("folder", 0755);
    symlink("file", "soft");
    SHOW(link("file", "other"));
    stat("file", &status);
    SHOW(status.st_nlink);
    SHOW(link("file", "other"));
    SHOW(link("folder", "folder2"));
    SHOW(link("nothing", "nothing2"));
    SHOW(link("soft", "soft2"));
    lstat("soft2", &status);
    SHOW(S_ISLNK(status.st_mode));
    SHOW(link("file", "folder"));
    return 0;
}
