// SPDX-License-Identifier: MIT
// Calls: setresuid32, getresuid32
/* Real, effective and saved user: each may become one of the three. */
#include "tests/abi/calls/show.h"

static void show(void) {
    uid_t real = 9, effective = 9, saved = 9;
    SHOW(getresuid(&real, &effective, &saved));
    printf("%u %u %u\n", real, effective, saved);
}

int main(void) {
    SHOW(setresuid(1, 2, 3));
    show();
    SHOW(setresuid(-1, 3, -1));
    show();
    SHOW(setresuid(3, 1, 1));
    show();
    SHOW(setresuid(-1, 4, -1));
    SHOW(syscall(SYS_getresuid32, nowhere, nowhere, nowhere));
    return 0;
}
