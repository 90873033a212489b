// SPDX-License-Identifier: MIT
// Calls: mmap
/* The first form of the call takes its arguments from memory. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    unsigned how[6] = {0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0, 0}, unaligned[6];
    how[4] = file_of("file", "text");
    char *page = (char *)syscall(SYS_mmap, how);
    SHOW(page != MAP_FAILED);
    if (page == MAP_FAILED)
        return 1;
    puts(page);
    memcpy(unaligned, how, sizeof how);
    unaligned[5] = 1;
    SHOW_OK(syscall(SYS_mmap, unaligned));
    SHOW_OK(syscall(SYS_mmap, nowhere));
    return 0;
}
