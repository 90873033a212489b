// SPDX-License-Identifier: MIT
// Calls: mount
/* A folder at a second place. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>

int main(void) {
    mkdir("one", 0755);
    mkdir("other", 0755);
    file_of("one/file", "text");
    file_of("target", "");
    SHOW(mount("one", "other", NULL, MS_BIND, NULL));
    show_text(open("other/file", O_RDONLY));
    close(3);
    SHOW(rename("one/file", "other/renamed"));
    SHOW(unlink("other/file"));
    SHOW(mount("other/nothing", "other", NULL, MS_BIND, NULL));
    SHOW(mount("one/nothing", "target", NULL, MS_BIND, NULL));
    SHOW(mount("one", "target", NULL, MS_BIND, NULL));
    SHOW(umount2("other", MNT_DETACH));
    SHOW(access("other/renamed", F_OK));
    return 0;
}
