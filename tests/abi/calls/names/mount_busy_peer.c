// SPDX-License-Identifier: MIT
// Calls: mount, umount2
/* A mount is busy while a copy of it is; a copy in which something else is mounted stays. */
#include "tests/abi/calls/names/mounted.h"

int main(void) {
    folders("one other");
    put("one");
    folders("one/a");
    change("one", MS_SHARED);
    bind("one", "other");
    SHOW(put("one/a"));
    close(file_of("one/a/file", "text"));
    int file = SHOW(open("other/a/file", O_RDONLY));
    SHOW(umount2("one/a", 0));
    close(file);
    SHOW(umount2("one/a", 0));
    show_mounted();
    SHOW(put("one/a"));
    SHOW(mkdir("one/a/inner", 0755));
    SHOW(change("other/a", MS_PRIVATE));
    SHOW(put("other/a/inner"));
    SHOW(umount2("one/a", 0));
    show_mounted();
    /* what lies on a place already lies on a copy that comes there later */
    change("other", MS_SLAVE);
    umount2("other/a", MNT_DETACH);
    SHOW(put("other/a"));
    SHOW(mkdir("other/a/above", 0755));
    SHOW(put("one/a"));
    SHOW(access("other/a/above", F_OK));
    show_mounted();
    SHOW(umount2("one/a", 0));
    SHOW(access("other/a/above", F_OK));
    show_mounted();
    unmount("one other");
    show_mounted();
    return 0;
}
