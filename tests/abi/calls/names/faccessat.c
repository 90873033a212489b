// SPDX-License-Identifier: MIT
// Calls: faccessat
/* The call without flags, from a folder. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    file_of("folder/file", "text");
    int folder = open("folder", O_RDONLY);
    SHOW(faccessat(folder, "file", R_OK, 0));
    SHOW(faccessat(folder, "nothing", R_OK, 0));
    SHOW(faccessat(99, "file", R_OK, 0));
    return 0;
}
