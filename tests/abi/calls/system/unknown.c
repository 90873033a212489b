// SPDX-License-Identifier: MIT
// Calls: openat
/* Numbers that are no calls. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(17));
    SHOW(syscall(223));
    SHOW(syscall(9999));
    SHOW(syscall(-1));
    SHOW(openat(AT_FDCWD, "/dev/null", O_RDONLY));
    return 0;
}
