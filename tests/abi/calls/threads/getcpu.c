// SPDX-License-Identifier: MIT
// Calls: getcpu
/* The CPU one runs on. */
#include "tests/abi/calls/show.h"

int main(void) {
    unsigned cpu = 99, node = 99;
    SHOW(syscall(SYS_getcpu, &cpu, &node, NULL));
    SHOW(cpu < 64);
    SHOW(node);
    SHOW(syscall(SYS_getcpu, NULL, NULL, NULL));
    SHOW(syscall(SYS_getcpu, nowhere, NULL, NULL));
    return 0;
}
