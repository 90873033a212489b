// SPDX-License-Identifier: MIT
// Calls: fallocate
/* Room is made, kept beyond the end, or given back as a hole. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text"), reader = open("file", O_RDONLY), end[2];
    SHOW(fallocate(file, 0, 0, 10000));
    fstat(file, &status);
    printf("size %lld, blocks %lld\n", (long long)status.st_size, (long long)status.st_blocks);
    SHOW(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 20000));
    fstat(file, &status);
    SHOW(status.st_size);
    SHOW(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 2));
    SHOW(fallocate(file, FALLOC_FL_PUNCH_HOLE, 0, 2));
    show_text(file);
    SHOW(fallocate(file, 0, -1, 10));
    SHOW(fallocate(file, 0, 0, 0));
    SHOW(fallocate(reader, 0, 0, 10));
    SHOW(fallocate(file, 1 << 20, 0, 10));
    pipe(end);
    SHOW(fallocate(end[1], 0, 0, 10));
    return 0;
}
