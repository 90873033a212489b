// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* Two who wait for each other: the second one is told. */
#include "tests/abi/calls/show.h"

static int lock(int file, off_t at) {
    return fcntl(
        file, F_SETLKW,
        &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 1});
}

int main(void) {
    int file = file_of("file", "text"), end[2];
    char byte;
    pipe(end);
    SHOW(lock(file, 0));
    pid_t child = fork();
    if (child == 0) {
        lock(file, 1);
        write(end[1], "", 1);
        _exit(lock(file, 0) != 0);
    }
    read(end[0], &byte, 1);
    sleep_ms(50);
    SHOW(lock(file, 1));
    SHOW(fcntl(file, F_SETLK, &(struct flock){.l_type = F_UNLCK, .l_whence = SEEK_SET}));
    SHOW_END(child);
    return 0;
}
