// SPDX-License-Identifier: MIT
// Calls: setuid32, getuid32, geteuid32
/* Root gives everything up at once; nobody takes it back. */
#include "tests/abi/calls/show.h"

int main(void) {
    printf("%u %u\n", getuid(), geteuid());
    SHOW(setuid(1000));
    printf("%u %u\n", getuid(), geteuid());
    SHOW(setuid(0));
    SHOW(setuid(1000));
    SHOW(setuid(-1));
    return 0;
}
