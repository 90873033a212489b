// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* What cannot be locked. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    file_of("file", "text");
    int reader = open("file", O_RDONLY), writer = open("file", O_WRONLY);
    SHOW(fcntl(reader, F_SETLK, &lock));
    lock.l_type = F_RDLCK;
    SHOW(fcntl(writer, F_SETLK, &lock));
    lock.l_start = -1;
    SHOW(fcntl(reader, F_SETLK, &lock));
    lock.l_start = 0, lock.l_type = 9;
    SHOW(fcntl(reader, F_SETLK, &lock));
    lock.l_type = F_UNLCK;
    SHOW(fcntl(reader, F_GETLK, &lock));
    SHOW(fcntl(reader, F_SETLK, nowhere));
    SHOW(fcntl(99, F_SETLK, &lock));
    return 0;
}
