// SPDX-License-Identifier: MIT
// Calls: mkdir, open
/* A folder with S_ISGID hands its group on. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    umask(022);
    mkdir("folder", 0755);
    chown("folder", 0, 2000);
    chmod("folder", 02755);
    SHOW(mkdir("folder/below", 0755));
    stat("folder/below", &status);
    printf("%u %o\n", status.st_gid, status.st_mode);
    SHOW(open("folder/file", O_CREAT | O_WRONLY, 0644));
    stat("folder/file", &status);
    printf("%u %o\n", status.st_gid, status.st_mode);
    return 0;
}
