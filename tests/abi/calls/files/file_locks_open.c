// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* Locks of an open file (OFD) stay when another one of the same process is closed. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int one = file_of("file", "text"), other = open("file", O_RDWR);
    SHOW(fcntl(one, F_OFD_SETLK, &lock));
    SHOW(fcntl(other, F_OFD_SETLK, &lock));
    SHOW(fcntl(other, F_OFD_GETLK, &lock));
    SHOW(lock.l_pid);
    SHOW(fcntl(other, F_SETLK, &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET}));
    close(open("file", O_RDONLY));
    lock = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    SHOW(fcntl(other, F_OFD_SETLK, &lock));
    close(one);
    SHOW(fcntl(other, F_OFD_SETLK, &lock));
    lock.l_pid = 5;
    SHOW(fcntl(other, F_OFD_SETLK, &lock));
    return 0;
}
