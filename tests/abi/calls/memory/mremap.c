// SPDX-License-Identifier: MIT
// Calls: mremap
/* Mappings grow, shrink and move; what they hold goes along. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(pages, "kept");
    SHOW(mremap(pages, 4 * 4096, 2 * 4096, 0) == pages);
    SHOW(mremap(pages, 2 * 4096, 3 * 4096, 0) == pages);
    mmap(pages + 3 * 4096, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    SHOW_OK(mremap(pages, 3 * 4096, 5 * 4096, 0));
    char *moved = mremap(pages, 3 * 4096, 5 * 4096, MREMAP_MAYMOVE);
    SHOW(moved != MAP_FAILED && moved != pages);
    if (moved == MAP_FAILED)
        return 1;
    puts(moved);
    SHOW(moved[4 * 4096]);
    return 0;
}
