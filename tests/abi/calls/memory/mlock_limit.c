// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit), mlock
/* RLIMIT_MEMLOCK binds those who are not root. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>
#include <sys/resource.h>

int main(void) {
    char *pages = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){8192, 8192}));
    SHOW(mlock(pages, 4 * 4096));
    munlock(pages, 4 * 4096);
    setuid(1000);
    SHOW(mlock(pages, 2 * 4096));
    SHOW(mlock(pages, 3 * 4096));
    SHOW(mlockall(MCL_CURRENT));
    return 0;
}
