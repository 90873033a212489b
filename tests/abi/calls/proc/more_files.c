// SPDX-License-Identifier: MIT
// Calls: open
/* Texts that fewer programs look for. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(open("/proc/self/mountinfo", O_RDONLY));
    SHOW(open("/proc/self/io", O_RDONLY));
    SHOW(open("/proc/vmstat", O_RDONLY));
    SHOW(open("/proc/interrupts", O_RDONLY));
    return 0;
}
