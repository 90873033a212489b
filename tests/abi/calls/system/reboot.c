// SPDX-License-Identifier: MIT
// Calls: reboot
/* Only root, and only with the right words. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_reboot, 1, 2, 3, NULL));
    SHOW(syscall(SYS_reboot, 0xfee1dead, 672274793, 12345, NULL));
    setuid(1000);
    SHOW(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x1234567, NULL));
    return 0;
}
