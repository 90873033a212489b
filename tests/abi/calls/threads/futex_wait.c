// SPDX-License-Identifier: MIT
// Calls: futex
/* A wait needs the value that was told, and ends when its time is up. */
#include "tests/abi/calls/show.h"

static long futex(int *word, int operation, int value, const struct timespec *time) {
    return syscall(SYS_futex, word, operation, value, time, NULL, 0);
}

int main(void) {
    int word = 5;
    struct timespec soon = {0, 20000000}, wrong = {0, 1000000000};
    SHOW(futex(&word, 0, 4, NULL));
    SHOW(futex(&word, 0, 5, &soon));
    SHOW(futex(&word, 128, 5, &soon));
    SHOW(futex(&word, 0, 5, &wrong));
    SHOW(futex((int *)((char *)&word + 1), 0, 5, NULL));
    SHOW(futex(nowhere, 0, 5, NULL));
    SHOW(futex(&word, 1, 1, NULL));
    SHOW(futex(&word, 77, 0, NULL));
    return 0;
}
