// SPDX-License-Identifier: MIT
// Calls: mremap
/* To a place that is told, and what is wrong about it. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define PAGES PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0

int main(void) {
    char *from = mmap(NULL, 2 * 4096, PAGES), *to = mmap(NULL, 2 * 4096, PAGES);
    strcpy(from, "moved");
    SHOW(mremap(from, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
    if (*to)
        puts(to);
    SHOW_OK(mremap(from, 4096, 4096, MREMAP_MAYMOVE));
    SHOW_OK(mremap(to, 4096, 4096, MREMAP_FIXED, from));
    SHOW_OK(mremap(to + 1, 4096, 4096, MREMAP_MAYMOVE));
    SHOW_OK(mremap(to, 4096, 0, MREMAP_MAYMOVE));
    SHOW_OK(mremap(to, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, to + 4096));
    SHOW_OK(mremap(to, 4096, 4096, 64));
    return 0;
}
