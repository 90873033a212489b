// SPDX-License-Identifier: MIT
// Calls: read, pread64, write, readv
/* Every pointer bad in turn: nothing there, the kernel's, at the end of all addresses, and round it. */
#include "tests/abi/calls/show.h"

#include <sys/uio.h>

int main(void) {
    static char *const bad[] = {(char *)8, (char *)0xc0000000, (char *)0xfffff000,
                                (char *)0xffffffff};
    int file = file_of("file", "0123456789"), zero = open("/dev/zero", O_RDONLY);
    for (int i = 0; i < 4; i++) {
        struct iovec place = {bad[i], 4};
        printf("%d: ", i);
        SHOW(read(zero, bad[i], 4));
        SHOW(read(file, bad[i], 0x7fffffff));
        SHOW(pread(file, bad[i], 4, 0));
        SHOW(write(file, bad[i], 4));
        SHOW(readv(file, &place, 1));
    }
    SHOW(lseek(file, 0, SEEK_CUR));
    return 0;
}
