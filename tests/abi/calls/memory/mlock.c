// SPDX-License-Identifier: MIT
// Calls: mlock, munlock, mlockall, munlockall
/* Memory is locked, where there is some. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    char *pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(mlock(pages, 8192));
    SHOW(mlock(pages + 100, 100));
    SHOW(munlock(pages, 8192));
    SHOW(mlockall(MCL_CURRENT));
    SHOW(mlockall(0));
    SHOW(mlockall(64));
    SHOW(munlockall());
    munmap(pages, 4096);
    SHOW(mlock(pages, 8192));
    return 0;
}
