// SPDX-License-Identifier: MIT
// Calls: mprotect
/* PROT_NONE: nobody reads, not even a system call for the process. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int file = file_of("file", "text");
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(page, "kept");
    SHOW(mprotect(page, 4096, PROT_NONE));
    SHOW(write(file, page, 4));
    SHOW(read(file, page, 4));
    SHOW(open(page, O_RDONLY));
    SHOW(mprotect(page, 4096, PROT_READ));
    puts(page);
    SHOW(read(file, page, 4));
    return 0;
}
