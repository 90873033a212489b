// SPDX-License-Identifier: MIT
// Calls: pipe2, splice
/* Packets that are spliced from pipe to pipe arrive as packets, and a part of one as one. */
#include "tests/abi/calls/show.h"

static int one[2], other[2];
static char bytes[16384];

int main(void) {
    SHOW(pipe2(one, O_DIRECT | O_NONBLOCK));
    SHOW(pipe2(other, O_NONBLOCK));
    SHOW(write(one[1], "packet", 6));
    SHOW(write(one[1], "another", 7));
    SHOW(write(one[1], bytes, 4096));
    SHOW(splice(one[0], NULL, other[1], NULL, sizeof bytes, 0));
    SHOW(read(other[0], bytes, 2));
    printf("%.2s\n", bytes);
    SHOW(read(other[0], bytes, sizeof bytes));
    printf("%.7s\n", bytes);
    SHOW(read(other[0], bytes, sizeof bytes));
    SHOW(read(other[0], bytes, sizeof bytes));
    /* one in two parts */
    SHOW(write(one[1], "packet", 6));
    SHOW(splice(one[0], NULL, other[1], NULL, 2, 0));
    SHOW(splice(one[0], NULL, other[1], NULL, 9, 0));
    SHOW(read(other[0], bytes, sizeof bytes));
    SHOW(read(other[0], bytes, sizeof bytes));
    /* between bytes of a stream */
    SHOW(write(other[1], "before", 6));
    SHOW(write(one[1], "packet", 6));
    SHOW(splice(one[0], NULL, other[1], NULL, 9, 0));
    SHOW(write(other[1], "behind", 6));
    SHOW(read(other[0], bytes, 6));
    SHOW(read(other[0], bytes, sizeof bytes));
    SHOW(read(other[0], bytes, sizeof bytes));
    /* a stream stays one, also into a pipe that makes packets */
    SHOW(write(other[1], "stream", 6));
    SHOW(splice(other[0], NULL, one[1], NULL, 3, 0));
    SHOW(splice(other[0], NULL, one[1], NULL, 3, 0));
    SHOW(read(one[0], bytes, 1));
    SHOW(read(one[0], bytes, sizeof bytes));
    return 0;
}
