// SPDX-License-Identifier: MIT
// Calls: madvise
/* What children find of pages that are not for them, or wiped for them. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pages[0] = pages[4096] = 5;
    SHOW(madvise(pages, 4096, MADV_DONTFORK));
    SHOW(madvise(pages + 4096, 4096, MADV_WIPEONFORK));
    pid_t child = fork();
    if (child == 0)
        _exit(pages[4096] == 0 ? 1 : 2);
    SHOW_END(child);
    child = fork();
    if (child == 0)
        _exit(pages[0]);
    SHOW_END(child);
    SHOW(madvise(pages, 4096, MADV_DOFORK));
    child = fork();
    if (child == 0)
        _exit(pages[0]);
    SHOW_END(child);
    return 0;
}
