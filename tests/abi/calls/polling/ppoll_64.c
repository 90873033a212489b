// SPDX-License-Identifier: MIT
// Calls: ppoll_time64
/* The call with 64 bits of seconds. */
#include "tests/abi/calls/show.h"

int main(void) {
    long long soon[2] = {0, 10000000};
    SHOW(syscall(414, NULL, 0, soon, NULL, 8));
    SHOW(syscall(414, NULL, 0, nowhere, NULL, 8));
    return 0;
}
