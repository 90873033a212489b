// SPDX-License-Identifier: MIT
// Calls: rename
/* A name moves and takes the place of another one, if that is of its kind. */
#include "tests/abi/calls/show.h"

int main(void) {
    file_of("a", "text of a");
    file_of("b", "text of b");
    mkdir("folder", 0755);
    mkdir("other", 0755);
    mkdir("full", 0755);
    file_of("full/file", "text");
    SHOW(rename("a", "b"));
    show_text(open("b", O_RDONLY));
    SHOW(rename("a", "b"));
    SHOW(rename("b", "folder"));
    SHOW(rename("folder", "b"));
    SHOW(rename("folder", "folder/below"));
    SHOW(rename("folder", "other"));
    SHOW(rename("other", "full"));
    SHOW(rename("full", "other"));
    SHOW(rename("b", "other/new/"));
    SHOW(rename(".", "x"));
    SHOW(rename("b", "b"));
    SHOW(rename("b", "/proc/x"));
    return 0;
}
