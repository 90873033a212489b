// SPDX-License-Identifier: MIT
// Calls: mount, umount2
/* A slave has what its master has, and the master nothing of what the slave has; slaves have peers and slaves of their own. */
#include "tests/abi/calls/names/mounted.h"

int main(void) {
    folders("master slave peer below apart");
    SHOW(put("master"));
    folders("master/a master/b");
    SHOW(change("master", MS_SHARED));
    SHOW(bind("master", "slave"));
    SHOW(change("slave", MS_SLAVE));
    SHOW(change("slave", MS_SHARED));
    SHOW(bind("slave", "peer"));
    SHOW(bind("peer", "below"));
    SHOW(change("below", MS_SLAVE));
    SHOW(bind("below", "apart"));
    SHOW(change("apart", MS_PRIVATE));
    show_mounted();
    SHOW(put("master/a"));
    show_mounted();
    SHOW(put("peer/b"));
    show_mounted();
    SHOW(umount2("slave/b", 0));
    SHOW(umount2("below/a", 0));
    show_mounted();
    SHOW(umount2("master/a", 0));
    show_mounted();
    SHOW(change("slave", MS_PRIVATE));
    SHOW(umount2("peer", 0));
    show_mounted();
    SHOW(put("master/b"));
    show_mounted();
    SHOW(change("master", MS_SLAVE));
    show_mounted();
    SHOW(umount2("master", MNT_DETACH));
    show_mounted();
    unmount("master slave peer below apart");
    show_mounted();
    return 0;
}
