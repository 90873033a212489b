// SPDX-License-Identifier: MIT
// Calls: mount
/* The options of a tmpfs: permissions, owners, a number of files. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>

int main(void) {
    struct stat status;
    mkdir("place", 0755);
    SHOW(mount("none", "place", "tmpfs", 0, "mode=1770,uid=1000,gid=2000,nr_inodes=3"));
    SHOW(stat("place", &status));
    printf("%o %u %u\n", status.st_mode, status.st_uid, status.st_gid);
    SHOW(open("place/one", O_CREAT | O_WRONLY, 0600));
    SHOW(mkdir("place/two", 0700));
    SHOW(open("place/three", O_CREAT | O_WRONLY, 0600));
    close(3);
    SHOW(umount("place"));
    SHOW(mount("none", "place", "tmpfs", 0, "nonsense=1"));
    SHOW(mount("none", "place", "nonsense", 0, ""));
    return 0;
}
