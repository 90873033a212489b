// SPDX-License-Identifier: MIT
// Calls: mount, pivot_root
/* A mount is moved to a shared one, and then has copies; away from a shared one it is not moved, nor is a root made of it. */
#include "tests/abi/calls/names/mounted.h"

#include <sys/syscall.h>

static int move(const char *from, const char *to) {
    return mount(from, to, NULL, MS_MOVE, NULL);
}

int main(void) {
    folders("one other moved unbindable");
    put("one");
    folders("one/a one/b one/c");
    change("one", MS_SHARED);
    bind("one", "other");
    SHOW(put("moved"));
    SHOW(mkdir("moved/inner", 0755));
    SHOW(move("moved", "one/a"));
    SHOW(access("other/a/inner", F_OK));
    show_mounted();
    SHOW(move("one/a", "moved"));
    SHOW(move("one/a", "one/b"));
    SHOW(put("unbindable"));
    SHOW(change("unbindable", MS_UNBINDABLE));
    SHOW(move("unbindable", "one/b"));
    SHOW(move("one", "moved"));
    show_mounted();
    SHOW((int)syscall(SYS_pivot_root, "moved/a", "moved/a/inner"));
    SHOW((int)syscall(SYS_pivot_root, "moved", "moved/b"));
    unmount("one other moved unbindable");
    show_mounted();
    return 0;
}
