// SPDX-License-Identifier: MIT
// Calls: faccessat2
/* The call with flags: the effective user, and links themselves. */
#include "tests/abi/calls/show.h"

int main(void) {
    file_of("file", "text");
    chmod("file", 0600);
    chmod(".", 0755);
    symlink("nowhere", "link");
    SHOW(syscall(SYS_faccessat2, AT_FDCWD, "link", F_OK, 0));
    SHOW(syscall(SYS_faccessat2, AT_FDCWD, "link", F_OK, AT_SYMLINK_NOFOLLOW));
    setresuid(1000, 0, 0);
    SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", R_OK, 0));
    SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", R_OK, AT_EACCESS));
    SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", R_OK, 1));
    return 0;
}
