// SPDX-License-Identifier: MIT
// Calls: eventfd
/* The call without flags: who reads a zero waits for somebody who writes. */
#include "tests/abi/calls/show.h"

int main(void) {
    uint64_t value = 0;
    int file = SHOW(syscall(SYS_eventfd, 0));
    pid_t child = fork();
    if (child == 0) {
        sleep_ms(30);
        value = 6;
        _exit(write(file, &value, 8) != 8);
    }
    SHOW(read(file, &value, 8));
    SHOW(value);
    SHOW_END(child);
    return 0;
}
