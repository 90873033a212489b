// SPDX-License-Identifier: MIT
// Calls: fallocate
/* A hole of a terabyte is made at once: what is not there costs nothing. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text");
    SHOW(pwrite(file, "end", 3, 1LL << 40));
    SHOW(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1, 1LL << 40));
    fstat(file, &status);
    printf("size %lld, blocks %lld\n", (long long)status.st_size, (long long)status.st_blocks);
    SHOW(lseek(file, 1, SEEK_DATA));
    show_text(file);
    return 0;
}
