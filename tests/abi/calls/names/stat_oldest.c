// SPDX-License-Identifier: MIT
// Calls: stat, lstat, fstat
/* The calls of the first Linux still work, for small numbers. */
#include "tests/abi/calls/show.h"

struct first_stat {
    unsigned short device, gap, inode[2], mode, links, uid, gid, rdev, gap2;
    unsigned size, block_size, blocks, times[6], unused[2];
};

int main(void) {
    struct first_stat status = {0};
    int file = file_of("file", "text");
    symlink("file", "link");
    SHOW(syscall(SYS_stat, "link", &status));
    printf("mode %o, links %u, size %u\n", status.mode, status.links, status.size);
    SHOW(syscall(SYS_lstat, "link", &status));
    printf("mode %o, links %u, size %u\n", status.mode, status.links, status.size);
    SHOW(syscall(SYS_fstat, file, &status));
    printf("mode %o, links %u, size %u\n", status.mode, status.links, status.size);
    return 0;
}
