// SPDX-License-Identifier: MIT
// Calls: mmap2
/* Copy on write: a child's changes are its own, the parent's too, whoever is first. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int end[2], sum = 0;
    char byte;
    SHOW(pages != MAP_FAILED);
    memset(pages, 1, 16 * 4096);
    pipe(end);
    pid_t child = fork();
    if (child == 0) {
        close(end[1]);
        for (int i = 0; i < 16; i += 2)
            pages[i * 4096] = 2;
        read(end[0], &byte, 1);
        for (int i = 0; i < 16; i++)
            sum += pages[i * 4096];
        _exit(sum);
    }
    for (int i = 1; i < 16; i += 2)
        pages[i * 4096] = 3;
    close(end[1]);
    SHOW_END(child);
    for (int i = 0; i < 16; i++)
        sum += pages[i * 4096];
    SHOW(sum);
    return 0;
}
