// SPDX-License-Identifier: MIT
// Calls: pipe2
/* With O_DIRECT a read takes one write, and the rest of it is gone. */
#include "tests/abi/calls/show.h"

int main(void) {
    char bytes[10] = "";
    int end[2];
    SHOW(pipe2(end, O_DIRECT | O_NONBLOCK));
    SHOW(write(end[1], "one", 3));
    SHOW(write(end[1], "other", 5));
    SHOW(read(end[0], bytes, sizeof bytes));
    SHOW(read(end[0], bytes, 2));
    SHOW(read(end[0], bytes, sizeof bytes));
    return 0;
}
