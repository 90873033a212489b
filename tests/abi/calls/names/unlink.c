// SPDX-License-Identifier: MIT
// Calls: unlink
/* A name goes at once, the file when its last user is gone. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text");
    mkdir("folder", 0755);
    SHOW(unlink("file"));
    SHOW(unlink("file"));
    show_text(file);
    fstat(file, &status);
    SHOW(status.st_nlink);
    SHOW(unlink("folder"));
    SHOW(unlink("."));
    SHOW(unlink("folder/.."));
    SHOW(unlink(""));
    SHOW(unlink("/proc/self/stat"));
    symlink("folder", "link");
    SHOW(unlink("link/"));
    SHOW(unlink("link"));
    return 0;
}
