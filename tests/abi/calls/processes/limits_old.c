// SPDX-License-Identifier: MIT
// Calls: getrlimit, ugetrlimit, setrlimit
/* The calls with 32 bits: what does not fit is as much as there is. */
#include "tests/abi/calls/show.h"

int main(void) {
    unsigned limit[2], most[2] = {~0U, ~0U};
    SHOW(syscall(SYS_setrlimit, 4, most));
    SHOW(syscall(SYS_ugetrlimit, 4, limit));
    printf("%x %x\n", limit[0], limit[1]);
    SHOW(syscall(SYS_getrlimit, 4, limit));
    printf("%x %x\n", limit[0], limit[1]);
    SHOW(syscall(SYS_setrlimit, 99, most));
    return 0;
}
