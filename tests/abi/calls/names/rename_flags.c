// SPDX-License-Identifier: MIT
// Calls: renameat2
/* RENAME_NOREPLACE keeps what is there, RENAME_EXCHANGE changes places. */
#include "tests/abi/calls/show.h"

#define NOREPLACE 1
#define EXCHANGE  2

static long move(const char *from, const char *to, unsigned flags) {
    return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

int main(void) {
    file_of("a", "text of a");
    file_of("b", "text of b");
    mkdir("folder", 0755);
    SHOW(move("a", "b", NOREPLACE));
    SHOW(move("a", "b", EXCHANGE));
    show_text(open("a", O_RDONLY));
    SHOW(move("a", "folder", EXCHANGE));
    SHOW(open("a", O_RDONLY | O_DIRECTORY) >= 0);
    SHOW(move("a", "nothing", EXCHANGE));
    SHOW(move("b", "new", NOREPLACE));
    SHOW(move("new", "b", NOREPLACE | EXCHANGE));
    SHOW(move("new", "b", 64));
    return 0;
}
