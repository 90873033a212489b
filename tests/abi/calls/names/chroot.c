// SPDX-License-Identifier: MIT
// Calls: chroot
/* Another root: nothing above it is seen, and the folder one is in stays. */
#include "tests/abi/calls/show.h"

int main(void) {
    char path[100];
    mkdir("root", 0755);
    mkdir("root/below", 0755);
    file_of("root/file", "");
    SHOW(chroot("root"));
    SHOW(access("/file", F_OK));
    SHOW(access("/../file", F_OK));
    SHOW(access("root/file", F_OK));
    SHOW(chdir("/below/.."));
    SHOW(getcwd(path, sizeof path) != NULL);
    puts(path);
    SHOW(chroot("/file"));
    SHOW(chroot("/nothing"));
    setuid(1000);
    SHOW(chroot("/below"));
    return 0;
}
