// SPDX-License-Identifier: MIT
// Calls: pipe
/* What goes in comes out; without writers it ends. */
#include "tests/abi/calls/show.h"

int main(void) {
    char bytes[10] = "";
    int end[2] = {-1, -1};
    SHOW(pipe(end));
    SHOW(write(end[1], "text", 4));
    SHOW(read(end[0], bytes, 2));
    SHOW(read(end[0], bytes + 2, 8));
    puts(bytes);
    SHOW(read(end[1], bytes, 1));
    SHOW(write(end[0], bytes, 1));
    close(end[1]);
    SHOW(read(end[0], bytes, 1));
    SHOW(pipe(nowhere));
    return 0;
}
