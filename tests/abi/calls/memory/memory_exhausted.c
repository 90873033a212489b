// SPDX-License-Identifier: MIT
// Calls: mmap2
/* More than any machine has is refused at once. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int pieces = 0;
    while (pieces < 100 &&
           mmap(NULL, 256 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        pieces++;
    SHOW(pieces > 3 && pieces < 20);
    SHOW_OK(mmap(NULL, 256 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    return 0;
}
