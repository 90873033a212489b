// SPDX-License-Identifier: MIT
// Calls: mprotect
/* Rights are taken from a page and given back. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

static pid_t writer(char *page) {
    pid_t child = fork();
    if (child == 0) {
        *page = 2;
        _exit(*page);
    }
    return child;
}

int main(void) {
    char *pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pages[0] = 1;
    SHOW(mprotect(pages, 4096, PROT_READ));
    SHOW(pages[0]);
    SHOW_END(writer(pages));
    SHOW_END(writer(pages + 4096));
    SHOW(mprotect(pages, 4096, PROT_READ | PROT_WRITE));
    SHOW_END(writer(pages));
    SHOW(mprotect(pages + 1, 4096, PROT_READ));
    SHOW(mprotect(pages, 0, PROT_READ));
    SHOW(mprotect(pages, 4096, 0x100));
    munmap(pages + 4096, 4096);
    SHOW(mprotect(pages, 2 * 4096, PROT_READ));
    return 0;
}
