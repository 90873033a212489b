// SPDX-License-Identifier: MIT
// Calls: read, write, pread64
/* Counts as large as there are, and negative ones. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *bytes = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int file = file_of("file", "0123456789");
    munmap(bytes + 4096, 4096);
    SHOW(read(file, bytes, 0x7fffffff));
    SHOW(syscall(SYS_read, file, bytes, 0xffffffff));
    SHOW(syscall(SYS_write, file, bytes, 0xffffffff));
    SHOW(syscall(SYS_pread64, file, bytes, 4, 0xffffffff, 0x7fffffff));
    SHOW(syscall(SYS_pread64, file, bytes, 4, 0, 0x80000000));
    SHOW(lseek(file, 0, SEEK_END));
    return 0;
}
