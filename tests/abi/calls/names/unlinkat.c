// SPDX-License-Identifier: MIT
// Calls: unlinkat
/* One call for files and folders, told apart by a flag. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    file_of("folder/file", "text");
    int here = open(".", O_RDONLY);
    SHOW(unlinkat(here, "folder", AT_REMOVEDIR));
    SHOW(unlinkat(here, "folder", 0));
    SHOW(unlinkat(here, "folder/file", AT_REMOVEDIR));
    SHOW(unlinkat(here, "folder/file", 0));
    SHOW(unlinkat(here, "folder", AT_REMOVEDIR));
    SHOW(unlinkat(here, "folder", 1));
    SHOW(unlinkat(99, "folder", 0));
    return 0;
}
