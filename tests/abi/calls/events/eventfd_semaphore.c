// SPDX-License-Identifier: MIT
// Calls: eventfd2
/* As a semaphore it gives one at a time. */
#include "tests/abi/calls/show.h"

#include <sys/eventfd.h>

int main(void) {
    uint64_t value;
    int file = SHOW(eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE));
    SHOW(read(file, &value, 8));
    SHOW(value);
    SHOW(read(file, &value, 8));
    SHOW(value);
    SHOW(read(file, &value, 8));
    return 0;
}
