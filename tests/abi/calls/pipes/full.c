// SPDX-License-Identifier: MIT
// Calls: pipe, write
/* A pipe is full after 64 KiB; what is no longer than 4096 bytes goes in whole or not at all. */
#include "tests/abi/calls/show.h"

static char bytes[70000];

int main(void) {
    int end[2];
    SHOW(pipe(end));
    fcntl(end[1], F_SETFL, O_NONBLOCK);
    SHOW(write(end[1], bytes, sizeof bytes));
    SHOW(write(end[1], bytes, 1));
    SHOW(read(end[0], bytes, 4095));
    SHOW(write(end[1], bytes, 4096));
    SHOW(read(end[0], bytes, 1));
    SHOW(write(end[1], bytes, 4096));
    SHOW(write(end[1], bytes, 1));
    return 0;
}
