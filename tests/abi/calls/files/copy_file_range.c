// SPDX-License-Identifier: MIT
// Calls: copy_file_range
/* Bytes go from one file to another inside the kernel. */
#include "tests/abi/calls/show.h"

int main(void) {
    off_t from = 2, to = 1;
    int in = file_of("in", "0123456789"), out = file_of("out", "abcdefgh"), end[2];
    SHOW(copy_file_range(in, &from, out, &to, 3, 0));
    printf("from %lld to %lld\n", (long long)from, (long long)to);
    show_text(out);
    SHOW(copy_file_range(in, NULL, out, NULL, 100, 0));
    SHOW(lseek(in, 0, SEEK_CUR));
    SHOW(lseek(out, 0, SEEK_CUR));
    SHOW(copy_file_range(in, NULL, out, NULL, 100, 0));
    SHOW(copy_file_range(in, NULL, out, NULL, 1, 1));
    from = 0, to = 4;
    SHOW(copy_file_range(out, &from, out, &to, 10, 0));
    pipe(end);
    SHOW(copy_file_range(end[0], NULL, out, NULL, 1, 0));
    SHOW(copy_file_range(open(".", O_RDONLY), NULL, out, NULL, 1, 0));
    return 0;
}
