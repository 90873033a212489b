// SPDX-License-Identifier: MIT
// Calls: setresgid32, getresgid32
/* Real, effective and saved group. */
#include "tests/abi/calls/show.h"

int main(void) {
    gid_t real = 9, effective = 9, saved = 9;
    SHOW(setresgid(1, 2, 3));
    SHOW(getresgid(&real, &effective, &saved));
    printf("%u %u %u\n", real, effective, saved);
    setresuid(1000, 1000, 1000);
    SHOW(setresgid(-1, 3, -1));
    SHOW(setresgid(-1, 4, -1));
    SHOW(getresgid(&real, &effective, &saved));
    printf("%u %u %u\n", real, effective, saved);
    return 0;
}
