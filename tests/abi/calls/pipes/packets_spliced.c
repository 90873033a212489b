// SPDX-License-Identifier: MIT
// Calls: pipe2, splice
/* Packets of a pipe that are spliced: what a splice leaves of one stays, and it makes none. */
#include "tests/abi/calls/show.h"

static char bytes[16384];

static int one[2], other[2];

int main(void) {
    int file = open("file", O_CREAT | O_RDWR, 0600);
    SHOW(pipe2(one, O_DIRECT | O_NONBLOCK));
    SHOW(pipe2(other, O_NONBLOCK));
    SHOW(write(one[1], "packet", 6));
    SHOW(write(one[1], "another", 7));
    /* a part of a packet into a pipe: the rest stays */
    SHOW(splice(one[0], NULL, other[1], NULL, 2, 0));
    SHOW(read(other[0], bytes, 9));
    SHOW(read(one[0], bytes, 9));
    SHOW(read(one[0], bytes, 9));
    /* the rest of one and another into a file */
    SHOW(write(one[1], "packet", 6));
    SHOW(write(one[1], "another", 7));
    SHOW(splice(one[0], NULL, file, NULL, 2, 0));
    SHOW(splice(one[0], NULL, file, NULL, 100, 0));
    SHOW(splice(one[0], NULL, file, NULL, 100, 0));
    SHOW(lseek(file, 0, SEEK_SET));
    SHOW(read(file, bytes, 100));
    printf("%.20s\n", bytes);
    /* from a file: no packets */
    SHOW(lseek(file, 0, SEEK_SET));
    SHOW(splice(file, NULL, one[1], NULL, 4, 0));
    SHOW(splice(file, NULL, one[1], NULL, 4, 0));
    SHOW(read(one[0], bytes, 3));
    SHOW(read(one[0], bytes, 100));
    return 0;
}
