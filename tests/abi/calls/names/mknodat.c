// SPDX-License-Identifier: MIT
// Calls: mknodat
/* A fifo in a folder that is open. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("folder", 0755);
    int folder = open("folder", O_RDONLY);
    SHOW(mknodat(folder, "fifo", S_IFIFO | 0600, 0));
    SHOW(openat(folder, "fifo", O_WRONLY | O_NONBLOCK));
    SHOW(mknodat(99, "fifo", S_IFIFO | 0600, 0));
    return 0;
}
