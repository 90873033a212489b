// SPDX-License-Identifier: MIT
// Calls: rename
/* Two names of one file: a rename of one to the other does nothing. */
#include "tests/abi/calls/show.h"

int main(void) {
    file_of("a", "text");
    link("a", "b");
    SHOW(rename("a", "b"));
    SHOW(access("a", F_OK));
    SHOW(access("b", F_OK));
    symlink("a", "soft");
    SHOW(rename("soft", "moved"));
    SHOW(access("moved", F_OK));
    SHOW(rename("moved", "a"));
    SHOW(open("a", O_RDONLY));
    return 0;
}
