// SPDX-License-Identifier: MIT
// Calls: eventfd2
/* A counter that is a file. */
#include "tests/abi/calls/show.h"

#include <sys/eventfd.h>

int main(void) {
    uint64_t value = 5;
    int file = SHOW(eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC));
    SHOW(write(file, &value, 8));
    SHOW(read(file, &value, 8));
    SHOW(value);
    SHOW(read(file, &value, 8));
    SHOW(read(file, &value, 7));
    value = UINT64_MAX;
    SHOW(write(file, &value, 8));
    value--;
    SHOW(write(file, &value, 8));
    value = 1;
    SHOW(write(file, &value, 8));
    SHOW(eventfd(0, 2));
    return 0;
}
