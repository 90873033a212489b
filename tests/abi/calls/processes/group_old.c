// SPDX-License-Identifier: MIT
// Calls: getpgrp
/* The group of who asks. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_getpgrp) == getpgid(0));
    return 0;
}
