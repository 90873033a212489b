// SPDX-License-Identifier: MIT
// Calls: set_tid_address
/* The call answers the thread's number. */
#include "tests/abi/calls/show.h"

int main(void) {
    static int word = 1;
    SHOW(syscall(SYS_set_tid_address, &word) == syscall(SYS_gettid));
    return 0;
}
