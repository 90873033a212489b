// SPDX-License-Identifier: MIT
// Calls: membarrier
/* Which barriers there are, and that they are registered first. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_membarrier, 0, 0) > 0);
    SHOW(syscall(SYS_membarrier, 1, 0));
    SHOW(syscall(SYS_membarrier, 8, 0));
    SHOW(syscall(SYS_membarrier, 16, 0));
    SHOW(syscall(SYS_membarrier, 8, 0));
    SHOW(syscall(SYS_membarrier, 1 << 20, 0));
    SHOW(syscall(SYS_membarrier, 1, 1));
    return 0;
}
