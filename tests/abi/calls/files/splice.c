// SPDX-License-Identifier: MIT
// Calls: splice
/* Bytes go between a pipe and a file. */
#include "tests/abi/calls/show.h"

int main(void) {
    off_t from = 5;
    int in = file_of("in", "0123456789"), out = file_of("out", ""), end[2];
    pipe(end);
    SHOW(splice(in, NULL, end[1], NULL, 4, 0));
    SHOW(splice(in, &from, end[1], NULL, 100, 0));
    SHOW(from);
    SHOW(splice(end[0], NULL, out, NULL, 100, 0));
    show_text(out);
    SHOW(splice(in, NULL, out, NULL, 1, 0));
    SHOW(splice(in, NULL, end[1], &from, 1, 0));
    SHOW(splice(end[0], NULL, out, NULL, 1, SPLICE_F_NONBLOCK));
    SHOW(splice(in, NULL, end[1], NULL, 1, 64));
    SHOW(splice(end[0], NULL, end[1], NULL, 1, SPLICE_F_NONBLOCK));
    return 0;
}
