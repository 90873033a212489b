// SPDX-License-Identifier: MIT
// Calls: open, mkdir
/* Any number of slashes is one; one at the end asks for a folder. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    file_of("folder/file", "");
    SHOW(open("folder///file", O_RDONLY) >= 0);
    SHOW(open("./folder/.//../folder/file", O_RDONLY) >= 0);
    SHOW(open("folder/file/", O_RDONLY));
    SHOW(open("folder/file/.", O_RDONLY));
    SHOW(open("folder/nothing/..", O_RDONLY));
    SHOW(open("//dev//null", O_RDONLY) >= 0);
    SHOW(mkdir("folder/new//", 0755));
    return 0;
}
