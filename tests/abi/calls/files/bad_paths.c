// SPDX-License-Identifier: MIT
// Calls: open, access, mkdir, rename
/* Paths that are no memory, and one whose end is not there. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *end = pages + 4096 - 4;
    munmap(pages + 4096, 4096);
    memcpy(end, "file", 4);
    SHOW(open(end, O_RDONLY));
    memcpy(end, "abc", 4);
    SHOW(open(end, O_RDONLY));
    SHOW(access(nowhere, F_OK));
    SHOW(mkdir(nowhere, 0755));
    SHOW(rename("a", nowhere));
    SHOW(rename(nowhere, "a"));
    SHOW(open((char *)0xc0000000, O_RDONLY));
    SHOW(open((char *)0xffffffff, O_RDONLY));
    return 0;
}
