// SPDX-License-Identifier: MIT
// Calls: fallocate
/* A hole shows in mappings that are there, and what is written afterwards shows as well. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int file = file_of("file", "text");
    ftruncate(file, 3 * 4096);
    char *shared = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    memset(shared, 'x', 3 * 4096);
    SHOW(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4000, 4096 + 200));
    printf("%d %d %d %d\n", shared[3999], shared[4000], shared[4096], shared[8196]);
    pwrite(file, "new", 3, 4096);
    printf("%.3s\n", shared + 4096);
    ftruncate(file, 4096);
    ftruncate(file, 8192);
    pwrite(file, "again", 5, 4096);
    printf("%.5s\n", shared + 4096);
    return 0;
}
