// SPDX-License-Identifier: MIT
// Calls: setgroups32, getgroups32
/* The other groups one is in. */
#include "tests/abi/calls/show.h"

#include <grp.h>

int main(void) {
    gid_t groups[4] = {0};
    SHOW(setgroups(3, (gid_t[]){5, 3, 4}));
    SHOW(getgroups(0, NULL));
    SHOW(getgroups(4, groups));
    printf("%u %u %u\n", groups[0] + groups[1] + groups[2] == 12, groups[3], groups[0] != 0);
    SHOW(getgroups(2, groups));
    SHOW(getgroups(-1, groups));
    SHOW(getgroups(4, nowhere));
    SHOW(syscall(SYS_setgroups32, 100000, groups));
    SHOW(syscall(SYS_setgroups32, 2, nowhere));
    setuid(1000);
    SHOW(syscall(SYS_setgroups32, 0, NULL));
    return 0;
}
