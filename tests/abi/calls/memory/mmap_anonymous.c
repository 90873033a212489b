// SPDX-License-Identifier: MIT
// Calls: mmap2
/* New memory is zero, and stays its process's own. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(pages != MAP_FAILED);
    SHOW(pages[0] + pages[8191]);
    pages[0] = 1;
    pid_t child = fork();
    if (child == 0) {
        pages[0]++;
        _exit(pages[0]);
    }
    SHOW_END(child);
    SHOW(pages[0]);
    return 0;
}
