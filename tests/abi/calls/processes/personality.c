// SPDX-License-Identifier: MIT
// Calls: personality
/* A personality is told and kept. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_personality, 0xffffffff));
    SHOW(syscall(SYS_personality, 0x0040000));
    SHOW(syscall(SYS_personality, 0xffffffff));
    return 0;
}
