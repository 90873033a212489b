// SPDX-License-Identifier: MIT
// Calls: mkdir, rmdir
/* Folders are made and taken away, when they are empty. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    SHOW(mkdir("folder", 0755));
    SHOW(mkdir("folder", 0755));
    SHOW(mkdir("folder/one/", 0755));
    stat("folder", &status);
    SHOW(status.st_nlink);
    SHOW(rmdir("folder"));
    SHOW(rmdir("folder/."));
    SHOW(rmdir("folder/one/.."));
    SHOW(rmdir("folder/one"));
    SHOW(rmdir("folder"));
    SHOW(rmdir("folder"));
    file_of("file", "text");
    SHOW(rmdir("file"));
    SHOW(mkdir("file/below", 0755));
    SHOW(mkdir("", 0755));
    SHOW(rmdir("/"));
    return 0;
}
