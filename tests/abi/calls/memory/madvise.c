// SPDX-License-Identifier: MIT
// Calls: madvise
/* MADV_DONTNEED: anonymous memory is zero again, a file's is read anew. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int file = file_of("file", "text");
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *own = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    page[0] = own[0] = 'X';
    SHOW(madvise(page, 4096, MADV_DONTNEED));
    SHOW(madvise(own, 4096, MADV_DONTNEED));
    SHOW(page[0]);
    puts(own);
    SHOW(madvise(page, 4096, MADV_WILLNEED));
    SHOW(madvise(page, 4096, MADV_FREE));
    SHOW(madvise(page + 1, 4096, MADV_DONTNEED));
    SHOW(madvise(page, 4096, 77));
    SHOW(madvise(page, 0, MADV_DONTNEED));
    munmap(page, 4096);
    SHOW(madvise(page, 4096, MADV_DONTNEED));
    return 0;
}
