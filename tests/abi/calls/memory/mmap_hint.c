// SPDX-License-Identifier: MIT
// Calls: mmap2
/* A place that was asked for is taken if it is free. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define PLACE ((char *)0x30000000)

int main(void) {
    char *first = mmap(PLACE, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *second = mmap(PLACE, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(first == PLACE);
    SHOW(second != PLACE && second != MAP_FAILED);
    return 0;
}
