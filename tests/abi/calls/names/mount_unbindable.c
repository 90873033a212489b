// SPDX-License-Identifier: MIT
// Calls: mount
/* What is unbindable is not bound; all below a mount is changed at once. */
#include "tests/abi/calls/names/mounted.h"

int main(void) {
    folders("one other");
    SHOW(put("one"));
    folders("one/a");
    SHOW(put("one/a"));
    SHOW(change("one", MS_UNBINDABLE));
    SHOW(bind("one", "other"));
    SHOW(bind("one/a", "other"));
    show_mounted();
    SHOW(change("one", MS_SHARED | MS_REC));
    SHOW(bind("one", "other"));
    show_mounted();
    SHOW(change("one", MS_SLAVE | MS_REC));
    show_mounted();
    SHOW(change("one", MS_UNBINDABLE | MS_REC));
    SHOW(change("one", MS_SLAVE));
    show_mounted();
    SHOW(change("one", MS_PRIVATE | MS_REC));
    show_mounted();
    unmount("one other");
    show_mounted();
    return 0;
}
