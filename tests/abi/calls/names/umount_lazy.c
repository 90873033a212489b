// SPDX-License-Identifier: MIT
// Calls: umount2
/* MNT_DETACH takes the place away at once, the files when they are closed. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>

int main(void) {
    mkdir("place", 0755);
    SHOW(mount("none", "place", "tmpfs", 0, NULL));
    int file = file_of("place/file", "text");
    SHOW(umount2("place", 0));
    SHOW(umount2("place", MNT_DETACH));
    SHOW(access("place/file", F_OK));
    show_text(file);
    SHOW(umount2("place", 64));
    return 0;
}
