// SPDX-License-Identifier: MIT
// Calls: fcntl64
/* A part in the middle is unlocked, and two locks are left. */
#include "tests/abi/calls/show.h"

static int lock(int file, int how, short type, off_t start, off_t length, struct flock *told) {
    *told = (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(file, how, told);
}

int main(void) {
    struct flock told;
    int file = file_of("file", "0123456789");
    SHOW(lock(file, F_SETLK, F_WRLCK, 0, 10, &told));
    SHOW(lock(file, F_SETLK, F_UNLCK, 4, 2, &told));
    pid_t child = fork();
    if (child == 0) {
        SHOW(lock(file, F_SETLK, F_WRLCK, 4, 2, &told));
        SHOW(lock(file, F_GETLK, F_WRLCK, 0, 0, &told));
        printf("from %lld, %lld bytes\n", (long long)told.l_start, (long long)told.l_len);
        SHOW(lock(file, F_GETLK, F_WRLCK, 5, 0, &told));
        printf("from %lld, %lld bytes\n", (long long)told.l_start, (long long)told.l_len);
        _exit(0);
    }
    SHOW_END(child);
    return 0;
}
