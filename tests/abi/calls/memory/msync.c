// SPDX-License-Identifier: MIT
// Calls: msync
/* A mapping is written out, if it is there and the flags make sense. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int file = file_of("file", "text");
    char *pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    pages[0] = 'T';
    SHOW(msync(pages, 4096, MS_SYNC));
    show_text(file);
    SHOW(msync(pages, 4096, MS_ASYNC));
    SHOW(msync(pages, 4096, MS_SYNC | MS_ASYNC));
    SHOW(msync(pages, 4096, 64));
    SHOW(msync(pages + 1, 100, MS_SYNC));
    munmap(pages, 4096);
    SHOW(msync(pages, 4096, MS_SYNC));
    return 0;
}
