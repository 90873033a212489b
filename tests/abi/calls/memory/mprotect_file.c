// SPDX-License-Identifier: MIT
// Calls: mprotect
/* A mapping of a file that was opened for reading alone is not made writable, if it is shared. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    file_of("file", "text");
    int reader = open("file", O_RDONLY);
    char *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 0);
    char *own = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, reader, 0);
    SHOW(mprotect(shared, 4096, PROT_READ | PROT_WRITE));
    SHOW(mprotect(own, 4096, PROT_READ | PROT_WRITE));
    own[0] = 'T';
    puts(own);
    return 0;
}
