// SPDX-License-Identifier: MIT
// Calls: clone
/* Flags that make no sense together. */
#include "tests/abi/calls/show.h"

int main(void) {
    static const unsigned flags[] = {0x10000, 0x800, 0x10800};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        long child = syscall(SYS_clone, flags[i], 0, 0, 0, 0);
        if (child == 0)
            _exit(0);
        printf("%x: %s\n", flags[i], child < 0 ? strerror(errno) : "a child");
    }
    return 0;
}
