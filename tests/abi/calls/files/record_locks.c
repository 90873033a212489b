// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* Records of a file are locked by processes; F_GETLK tells who is in the way. */
#include "tests/abi/calls/show.h"

static struct flock record(short type, off_t start, off_t length) {
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
}

int main(void) {
    int file = file_of("file", "0123456789");
    struct flock lock = record(F_WRLCK, 2, 4), ask;
    SHOW(fcntl(file, F_SETLK, &lock));
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        ask = record(F_RDLCK, 0, 0);
        SHOW(fcntl(file, F_GETLK, &ask));
        printf("type %d from %lld, %lld bytes\n", ask.l_type, (long long)ask.l_start,
               (long long)ask.l_len);
        SHOW(ask.l_pid == parent);
        ask = record(F_RDLCK, 0, 3);
        SHOW(fcntl(file, F_SETLK, &ask));
        ask = record(F_RDLCK, 0, 2);
        SHOW(fcntl(file, F_SETLK, &ask));
        ask = record(F_WRLCK, 6, 0);
        SHOW(fcntl(file, F_SETLK, &ask));
        _exit(0);
    }
    SHOW_END(child);
    ask = record(F_WRLCK, 0, 0);
    SHOW(fcntl(file, F_GETLK, &ask));
    SHOW(ask.l_type == F_UNLCK);
    return 0;
}
