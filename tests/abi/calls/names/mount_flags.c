// SPDX-License-Identifier: MIT
// Calls: mount
/* Read-only, no programs, no devices; and another mind later. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>

int main(void) {
    mkdir("place", 0755);
    SHOW(mount("none", "place", "tmpfs", MS_RDONLY, NULL));
    SHOW(open("place/file", O_CREAT | O_WRONLY, 0600));
    SHOW(mkdir("place/folder", 0700));
    SHOW(mount("none", "place", "tmpfs", MS_REMOUNT | MS_NODEV | MS_NOEXEC, NULL));
    int file = SHOW(open("place/program", O_CREAT | O_RDWR, 0700));
    close(file);
    SHOW(execl("place/program", "program", NULL));
    SHOW(mknod("place/null", S_IFCHR | 0666, 0x103));
    SHOW(open("place/null", O_RDONLY));
    SHOW(umount("place"));
    return 0;
}
