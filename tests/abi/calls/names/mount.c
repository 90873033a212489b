// SPDX-License-Identifier: MIT
// Calls: mount, umount2
/* A mount hides what was below it; it is busy while somebody is in it. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>

int main(void) {
    mkdir("place", 0755);
    file_of("place/hidden", "");
    SHOW(mount("none", "place", "tmpfs", 0, NULL));
    SHOW(access("place/hidden", F_OK));
    int file = file_of("place/file", "");
    SHOW(umount("place"));
    SHOW(rmdir("place"));
    close(file);
    SHOW(umount("place"));
    SHOW(access("place/hidden", F_OK));
    SHOW(umount("place"));
    SHOW(mount("none", "nothing", "tmpfs", 0, NULL));
    SHOW(mount("none", "place/hidden", "tmpfs", 0, NULL));
    setuid(1000);
    SHOW(mount("none", "place", "tmpfs", 0, NULL));
    return 0;
}
