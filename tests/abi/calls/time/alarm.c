// SPDX-License-Identifier: MIT
// Calls: alarm
/* One alarm, in seconds; a new one answers what was left. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(syscall(SYS_alarm, 100));
    SHOW(syscall(SYS_alarm, 50) >= 99);
    SHOW(syscall(SYS_alarm, 0) >= 49);
    SHOW(syscall(SYS_alarm, 0));
    return 0;
}
