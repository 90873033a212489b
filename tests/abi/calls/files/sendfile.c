// SPDX-License-Identifier: MIT
// Calls: sendfile64
/* A file's bytes go to another, from its offset or from one that is told. */
#include "tests/abi/calls/show.h"

#include <sys/sendfile.h>

int main(void) {
    off_t from = 6;
    int in = file_of("in", "0123456789"), out = file_of("out", ""), end[2];
    SHOW(sendfile(out, in, NULL, 4));
    SHOW(lseek(in, 0, SEEK_CUR));
    SHOW(sendfile(out, in, &from, 100));
    SHOW(from);
    SHOW(lseek(in, 0, SEEK_CUR));
    show_text(out);
    pipe(end);
    SHOW(sendfile(out, end[0], NULL, 1));
    SHOW(sendfile(end[1], in, NULL, 3));
    SHOW(sendfile(end[0], in, NULL, 3));
    SHOW(sendfile(out, in, nowhere, 3));
    SHOW(sendfile(99, in, NULL, 3));
    return 0;
}
