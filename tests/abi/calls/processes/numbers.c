// SPDX-License-Identifier: MIT
// Calls: getpid, gettid
/* A process's number is its first thread's. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_getpid) == syscall(SYS_gettid));
    SHOW(syscall(SYS_getpid) > 1);
    return 0;
}
