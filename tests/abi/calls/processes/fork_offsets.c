// SPDX-License-Identifier: MIT
// Calls: fork
/* Parent and child share offsets of files, and nothing else of descriptors. */
#include "tests/abi/calls/show.h"

int main(void) {
    char byte;
    int file = file_of("file", "0123456789");
    pid_t child = fork();
    if (child == 0) {
        read(file, &byte, 1);
        close(file);
        fcntl(0, F_SETFD, FD_CLOEXEC);
        _exit(0);
    }
    SHOW_END(child);
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(fcntl(0, F_GETFD));
    return 0;
}
