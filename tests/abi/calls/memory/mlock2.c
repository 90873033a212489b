// SPDX-License-Identifier: MIT
// Calls: mlock2
/* mlock2() knows one flag. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(syscall(SYS_mlock2, page, 4096, 1));
    SHOW(syscall(SYS_mlock2, page, 4096, 0));
    SHOW(syscall(SYS_mlock2, page, 4096, 2));
    return 0;
}
