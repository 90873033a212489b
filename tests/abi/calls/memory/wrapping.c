// SPDX-License-Identifier: MIT
// Calls: mmap2, munmap, mprotect, mremap, madvise
/* Ranges that go round the end of all addresses. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define TOP ((void *)0xfffff000)

int main(void) {
    SHOW(munmap(TOP, 8192));
    SHOW(mprotect(TOP, 8192, PROT_READ));
    SHOW(madvise(TOP, 8192, MADV_DONTNEED));
    SHOW_OK(mmap(TOP, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    SHOW_OK(mremap(TOP, 8192, 4096, 0));
    SHOW(mlock(TOP, 8192));
    SHOW(msync(TOP, 8192, MS_ASYNC));
    SHOW(munmap((void *)4096, 0xfffff001));
    SHOW_OK(mmap(NULL, 0xffffffff, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    return 0;
}
