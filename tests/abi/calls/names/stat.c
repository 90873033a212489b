// SPDX-License-Identifier: MIT
// Calls: stat64
/* What the older stat tells of a file. */
#include "tests/abi/calls/show.h"

struct stat64_of_i386 {
    unsigned long long device;
    unsigned char gap[4];
    unsigned short_inode, mode, links, uid, gid;
    unsigned long long rdev;
    unsigned char gap2[4];
    long long size;
    unsigned block_size;
    unsigned long long blocks;
    unsigned times[6];
    unsigned long long inode;
} __attribute__((packed));

int main(void) {
    struct stat64_of_i386 status = {0};
    file_of("file", "text");
    chmod("file", 0640);
    link("file", "other");
    SHOW(syscall(SYS_stat64, "file", &status));
    printf("mode %o, links %u, size %lld, blocks %llu\n", status.mode, status.links, status.size,
           status.blocks);
    SHOW(status.inode != 0 && status.block_size == 4096);
    SHOW(syscall(SYS_stat64, "nothing", &status));
    SHOW(syscall(SYS_stat64, "file", nowhere));
    SHOW(syscall(SYS_stat64, nowhere, &status));
    return 0;
}
