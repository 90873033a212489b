// SPDX-License-Identifier: MIT
// Calls: munmap
/* A hole in the middle; what is not there can be taken away as well. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(munmap(pages + 4096, 4096));
    SHOW(munmap(pages + 4096, 4096));
    SHOW(munmap(pages + 1, 4096));
    SHOW(munmap(pages, 0));
    SHOW(munmap(pages, 0xfffff000));
    pages[0] = pages[8192] = 1;
    pid_t child = fork();
    if (child == 0)
        _exit(pages[4096]);
    SHOW_END(child);
    SHOW(munmap(pages, 3 * 4096));
    return 0;
}
