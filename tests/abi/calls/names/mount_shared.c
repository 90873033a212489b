// SPDX-License-Identifier: MIT
// Calls: mount, umount2
/* What is mounted or unmounted below a shared mount is at its peers, too. */
#include "tests/abi/calls/names/mounted.h"

int main(void) {
    folders("one other third source source/inner");
    SHOW(change("one", MS_SHARED));
    SHOW(put("one"));
    folders("one/a one/b one/a/deep");
    SHOW(change("one/a", MS_SHARED));
    SHOW(change("one", MS_SHARED | MS_PRIVATE));
    SHOW(change("one", MS_SHARED | MS_NOSUID));
    SHOW(change("one", MS_SHARED | MS_SILENT));
    SHOW(bind("one", "other"));
    SHOW(bind("one/a", "third"));
    show_mounted();
    SHOW(put("one/a"));
    SHOW(mkdir("other/a/new", 0755));
    SHOW(put("other/a/new"));
    SHOW(bind("source", "other/b"));
    SHOW(access("one/b/inner", F_OK));
    show_mounted();
    SHOW(umount2("one/a", 0));
    SHOW(umount2("one/a/new", 0));
    SHOW(umount2("other/b", 0));
    show_mounted();
    SHOW(put("third/deep"));
    show_mounted();
    SHOW(umount2("one/a", MNT_DETACH));
    show_mounted();
    SHOW(umount2("one/a/deep", MNT_DETACH));
    SHOW(umount2("third", 0));
    SHOW(umount2("other", 0));
    show_mounted();
    SHOW(umount2("one", 0));
    unmount("one other third");
    show_mounted();
    return 0;
}
