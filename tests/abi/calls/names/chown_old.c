// SPDX-License-Identifier: MIT
// Calls: chown, lchown, fchown
/* Owners of 16 bits; all ones mean that nothing changes. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text");
    symlink("file", "link");
    SHOW(syscall(SYS_chown, "file", 1000, 2000));
    SHOW(syscall(SYS_chown, "file", 0xffff, 2001));
    stat("file", &status);
    printf("%u %u\n", status.st_uid, status.st_gid);
    SHOW(syscall(SYS_fchown, file, 3000, 0xffff));
    SHOW(syscall(SYS_lchown, "link", 4000, 4000));
    stat("file", &status);
    printf("%u %u\n", status.st_uid, status.st_gid);
    return 0;
}
