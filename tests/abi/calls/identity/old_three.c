// SPDX-License-Identifier: MIT
// Calls: setresuid, getresuid, setresgid, getresgid, setreuid, setregid
/* What does not fit into 16 bits is told as 65534. */
#include "tests/abi/calls/show.h"

int main(void) {
    unsigned short one = 0, two = 0, three = 0;
    SHOW(syscall(SYS_setresgid, 0xffff, 8, 9));
    SHOW(syscall(SYS_getresgid, &one, &two, &three));
    printf("%u %u %u\n", one, two, three);
    SHOW(syscall(SYS_setregid, 10, 11));
    SHOW(syscall(SYS_getresgid, &one, &two, &three));
    printf("%u %u %u\n", one, two, three);
    SHOW(setresuid(0, 0, 100000));
    SHOW(syscall(SYS_getresuid, &one, &two, &three));
    printf("%u %u %u\n", one, two, three);
    SHOW(syscall(SYS_setresuid, 5, 0, 0xffff));
    SHOW(syscall(SYS_setreuid, 6, 7));
    SHOW(syscall(SYS_getresuid, &one, &two, &three));
    printf("%u %u %u\n", one, two, three);
    return 0;
}
