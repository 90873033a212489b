// SPDX-License-Identifier: MIT
// Calls: mmap2
/* Shared memory without a file is parents' and children's. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    SHOW(page != MAP_FAILED);
    pid_t child = fork();
    if (child == 0) {
        page[0] = 7;
        _exit(0);
    }
    SHOW_END(child);
    SHOW(page[0]);
    return 0;
}
