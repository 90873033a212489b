// SPDX-License-Identifier: MIT
// Calls: futex
/* FUTEX_WAKE_OP changes a word, and wakes by what it was. */
#include "tests/abi/calls/show.h"

#define WAKE_OP 5
#define OPERATION(change, value, test, than)                                                       \
    ((change) << 28 | (test) << 24 | (value) << 12 | (than))

int main(void) {
    int word = 0, other = 5;
    SHOW(syscall(SYS_futex, &word, WAKE_OP, 1, 1, &other, OPERATION(0, 7, 0, 5)));
    SHOW(other);
    SHOW(syscall(SYS_futex, &word, WAKE_OP, 1, 1, &other, OPERATION(1, 3, 0, 5)));
    SHOW(other);
    SHOW(syscall(SYS_futex, &word, WAKE_OP, 1, 1, &other, OPERATION(3, 2, 0, 5)));
    SHOW(other);
    SHOW(syscall(SYS_futex, &word, WAKE_OP, 1, 1, nowhere, OPERATION(0, 0, 0, 0)));
    SHOW(syscall(SYS_futex, &word, WAKE_OP, 1, 1, &other, OPERATION(7, 0, 0, 0)));
    return 0;
}
