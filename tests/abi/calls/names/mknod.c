// SPDX-License-Identifier: MIT
// Calls: mknod
/* Nodes of every kind; what is no kind is refused. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    umask(022);
    SHOW(mknod("file", S_IFREG | 0666, 0));
    SHOW(mknod("plain", 0666, 0));
    SHOW(mknod("fifo", S_IFIFO | 0666, 0));
    SHOW(mknod("socket", S_IFSOCK | 0666, 0));
    SHOW(mknod("folder", S_IFDIR | 0777, 0));
    SHOW(mknod("file", S_IFREG | 0666, 0));
    stat("plain", &status);
    printf("%o\n", status.st_mode);
    stat("socket", &status);
    printf("%o\n", status.st_mode);
    SHOW(open("socket", O_RDONLY));
    return 0;
}
