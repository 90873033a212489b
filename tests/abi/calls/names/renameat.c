// SPDX-License-Identifier: MIT
// Calls: renameat
/* A rename from one open folder to another. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("from", 0755);
    mkdir("to", 0755);
    file_of("from/file", "text");
    int from = open("from", O_RDONLY), to = open("to", O_RDONLY);
    SHOW(renameat(from, "file", to, "moved"));
    SHOW(access("to/moved", F_OK));
    SHOW(renameat(from, "file", to, "moved"));
    SHOW(renameat(99, "file", to, "moved"));
    return 0;
}
