// SPDX-License-Identifier: MIT
// Calls: read, mmap2
/* A read into memory that ends is as long as the memory; of a file, nothing is lost. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int file = file_of("file", "0123456789");
    if (pages == MAP_FAILED)
        return 1;
    munmap(pages + 4096, 4096);
    SHOW(read(file, pages + 4096 - 4, 10));
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(read(file, pages + 4096, 10));
    SHOW(write(file, pages + 4096 - 3, 10));
    return 0;
}
