// SPDX-License-Identifier: MIT
// Calls: setuid, getuid, setgid, getgid, geteuid, getegid
/* The calls with numbers of 16 bits. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_setgid, 2000));
    SHOW(syscall(SYS_getgid));
    SHOW(syscall(SYS_getegid));
    SHOW(syscall(SYS_setuid, 1000));
    SHOW(syscall(SYS_getuid));
    SHOW(syscall(SYS_geteuid));
    return 0;
}
