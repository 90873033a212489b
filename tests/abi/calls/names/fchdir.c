// SPDX-License-Identifier: MIT
// Calls: fchdir
/* To a folder by its descriptor. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    file_of("folder/file", "");
    SHOW(fchdir(open("folder", O_RDONLY)));
    SHOW(access("file", F_OK));
    SHOW(fchdir(open("file", O_RDONLY)));
    SHOW(fchdir(99));
    return 0;
}
