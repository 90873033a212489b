// SPDX-License-Identifier: MIT
// Calls: read, fstat64, fcntl64, ioctl
/* No call takes a descriptor that is closed, or never was one. */
#include "tests/abi/calls/show.h"

int main(void) {
    static const int descriptors[] = {50, -1, -100, 0x7fffffff, (int)0x80000000};
    char bytes[100];
    for (int i = 0; i < 5; i++) {
        int one = descriptors[i];
        printf("%d: ", i);
        SHOW(read(one, bytes, 1));
        SHOW(syscall(SYS_fstat64, one, bytes));
        SHOW(fcntl(one, F_GETFL));
        SHOW(ioctl(one, FIONREAD, bytes));
        SHOW(fsync(one));
        SHOW(fchmod(one, 0600));
        SHOW(fchdir(one));
        SHOW(dup(one));
        SHOW(syscall(SYS_getdents64, one, bytes, 100));
        SHOW(lseek(one, 0, SEEK_CUR));
    }
    return 0;
}
