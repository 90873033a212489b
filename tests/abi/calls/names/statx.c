// SPDX-License-Identifier: MIT
// Calls: statx
/* statx() tells what was asked for, and says what that was. */
#include "tests/abi/calls/show.h"

#define BASIC_STATS 0x7ffu
#define SIZE        0x200u
#define FORCE_SYNC  0x2000
#define DONT_SYNC   0x4000

struct told {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, uid, gid;
    uint16_t mode, gap;
    uint64_t inode, size, blocks;
    char rest[200];
};

static long look(int folder, const char *path, int flags, unsigned mask, struct told *told) {
    return syscall(SYS_statx, folder, path, flags, mask, told);
}

int main(void) {
    struct told told = {0};
    umask(022);
    file_of("file", "text");
    SHOW(look(AT_FDCWD, "file", 0, BASIC_STATS, &told));
    printf("mask %x, mode %o, links %u, size %d\n", told.mask & BASIC_STATS, told.mode, told.links,
           (int)told.size);
    SHOW(look(AT_FDCWD, "file", FORCE_SYNC, SIZE, &told));
    SHOW(look(AT_FDCWD, "file", FORCE_SYNC | DONT_SYNC, SIZE, &told));
    SHOW(look(AT_FDCWD, "file", 0, 0x80000000, &told));
    SHOW(look(AT_FDCWD, "file", 1, SIZE, &told));
    SHOW(look(AT_FDCWD, "", AT_EMPTY_PATH, SIZE, &told));
    SHOW(told.mode & S_IFMT);
    SHOW(look(99, "file", 0, SIZE, &told));
    SHOW(look(AT_FDCWD, "file", 0, SIZE, nowhere));
    return 0;
}
