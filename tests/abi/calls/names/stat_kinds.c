// SPDX-License-Identifier: MIT
// Calls: statx (lstat64)
/* Every kind of file says what it is. */
#include "tests/abi/calls/show.h"

#include <sys/sysmacros.h>

static void show(const char *name) {
    struct stat status = {0};
    printf("%s: ", name);
    SHOW(lstat(name, &status));
    printf("mode %o, device %u:%u\n", status.st_mode, major(status.st_rdev), minor(status.st_rdev));
}

int main(void) {
    umask(0);
    file_of("file", "text");
    mkdir("folder", 0751);
    mkfifo("fifo", 0622);
    symlink("somewhere", "link");
    show("file");
    show("folder");
    show("fifo");
    show("link");
    show("/dev/null");
    show("/dev/zero");
    return 0;
}
