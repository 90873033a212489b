// SPDX-License-Identifier: MIT
// Calls: open
/* A descriptor of O_PATH stands for a place: it can be looked at and started from, and not read. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    char byte;
    mkdir("folder", 0755);
    file_of("file", "text");
    file_of("folder/below", "text");
    int file = open("file", O_PATH), folder = open("folder", O_PATH | O_DIRECTORY);
    SHOW(read(file, &byte, 1));
    SHOW(write(file, &byte, 1));
    SHOW(fchmod(file, 0600));
    SHOW(ftruncate(file, 0));
    SHOW(ioctl(file, FIONREAD, NULL));
    SHOW(fstat(file, &status));
    SHOW(status.st_size);
    SHOW(fcntl(file, F_GETFL));
    SHOW(openat(folder, "below", O_RDONLY));
    SHOW(fchdir(folder));
    SHOW(access("below", F_OK));
    return 0;
}
