// SPDX-License-Identifier: MIT
// Calls: mmap2
/* MAP_FIXED takes the place of what is there; MAP_FIXED_NOREPLACE does not. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define PAGES MAP_PRIVATE | MAP_ANONYMOUS

int main(void) {
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, PAGES, -1, 0);
    SHOW(pages != MAP_FAILED);
    memset(pages, 'x', 3 * 4096);
    SHOW(mmap(pages + 4096, 4096, PROT_READ, PAGES | MAP_FIXED, -1, 0) == pages + 4096);
    printf("%d %d %d\n", pages[0], pages[4096], pages[8192]);
    SHOW_OK(mmap(pages + 4096, 4096, PROT_READ, PAGES | MAP_FIXED_NOREPLACE, -1, 0));
    munmap(pages + 4096, 4096);
    SHOW(mmap(pages + 4096, 4096, PROT_READ, PAGES | MAP_FIXED_NOREPLACE, -1, 0) == pages + 4096);
    return 0;
}
