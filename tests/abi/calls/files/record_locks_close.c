// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* Any close of the file by its owner gives up all its locks. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = file_of("file", "text");
    SHOW(fcntl(file, F_SETLK, &lock));
    close(open("file", O_RDONLY));
    pid_t child = fork();
    if (child == 0) {
        SHOW(fcntl(file, F_SETLK, &lock));
        _exit(0);
    }
    SHOW_END(child);
    return 0;
}
