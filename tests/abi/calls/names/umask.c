// SPDX-License-Identifier: MIT
// Calls: umask
/* The mask takes permissions from what is made, and only those. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    umask(022);
    SHOW(umask(07027));
    SHOW(umask(027));
    close(open("file", O_CREAT | O_WRONLY, 0666));
    mkdir("folder", 01777);
    stat("file", &status);
    printf("%o\n", status.st_mode);
    stat("folder", &status);
    printf("%o\n", status.st_mode);
    return 0;
}
