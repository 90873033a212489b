// SPDX-License-Identifier: MIT
// Calls: unlink, rename
/* In a folder with the sticky bit only the owner takes names away. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("shared", 0755);
    chmod("shared", 01777);
    file_of("shared/roots", "text");
    chmod("shared/roots", 0666);
    setuid(1000);
    SHOW(open("shared/roots", O_RDWR) >= 0);
    SHOW(unlink("shared/roots"));
    SHOW(rename("shared/roots", "shared/x"));
    file_of("shared/mine", "text");
    SHOW(rename("shared/mine", "shared/roots"));
    SHOW(rename("shared/mine", "shared/y"));
    SHOW(unlink("shared/y"));
    return 0;
}
