// SPDX-License-Identifier: MIT
// Calls: setgid32, getgid32, getegid32
/* The same with groups. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(setgid(2000));
    printf("%u %u\n", getgid(), getegid());
    SHOW(setuid(1000));
    SHOW(setgid(0));
    SHOW(setgid(2000));
    return 0;
}
