// SPDX-License-Identifier: MIT
// Calls: chmod
/* Permissions are changed, of what a link leads to. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    file_of("file", "text");
    symlink("file", "link");
    SHOW(chmod("link", 06751));
    stat("file", &status);
    printf("%o\n", status.st_mode);
    SHOW(chmod("file", 0170000 | 0644));
    stat("file", &status);
    printf("%o\n", status.st_mode);
    SHOW(chmod("nothing", 0644));
    setuid(1000);
    SHOW(chmod("file", 0644));
    return 0;
}
