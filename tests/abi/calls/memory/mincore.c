// SPDX-License-Identifier: MIT
// Calls: mincore
/* What is in memory and what is only promised. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    unsigned char there[3] = {9, 9, 9};
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pages[4096] = 1;
    SHOW(mincore(pages, 3 * 4096, there));
    printf("%d %d %d\n", there[0] & 1, there[1] & 1, there[2] & 1);
    SHOW(mincore(pages + 1, 4096, there));
    SHOW(mincore(pages, 4096, nowhere));
    munmap(pages, 4096);
    SHOW(mincore(pages, 4096, there));
    return 0;
}
