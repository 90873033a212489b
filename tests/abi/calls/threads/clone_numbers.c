// SPDX-License-Identifier: MIT
// Calls: clone
/* Where a child's number is written, and where it is wiped out. */
#include "tests/abi/calls/show.h"

#define CLONE_PARENT_SETTID  0x100000
#define CLONE_CHILD_SETTID   0x1000000
#define CLONE_CHILD_CLEARTID 0x200000

int main(void) {
    int parents = 0, childs = 0;
    pid_t child = syscall(SYS_clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, 0,
                          &parents, 0, &childs);
    if (child == 0)
        _exit(childs == getpid());
    SHOW_END(child);
    SHOW(parents == child);
    SHOW(childs);
    return 0;
}
