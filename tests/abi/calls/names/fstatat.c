// SPDX-License-Identifier: MIT
// Calls: fstatat64
/* Flags say whether a link is followed, and whether the descriptor itself is meant. */
#include "tests/abi/calls/show.h"

int main(void) {
    char status[96];
    int file = file_of("file", "text");
    symlink("file", "link");
    SHOW(syscall(SYS_fstatat64, AT_FDCWD, "link", status, 0));
    SHOW(*(unsigned *)(status + 16));
    SHOW(syscall(SYS_fstatat64, AT_FDCWD, "link", status, AT_SYMLINK_NOFOLLOW));
    SHOW(*(unsigned *)(status + 16));
    SHOW(syscall(SYS_fstatat64, file, "", status, AT_EMPTY_PATH));
    SHOW(*(long long *)(status + 44));
    SHOW(syscall(SYS_fstatat64, file, "", status, 0));
    SHOW(syscall(SYS_fstatat64, file, "x", status, 0));
    SHOW(syscall(SYS_fstatat64, AT_FDCWD, "file", status, 1));
    return 0;
}
