// SPDX-License-Identifier: MIT
// Calls: mmap2
/* A shared mapping writes to the file and sees what others write; a private one keeps its own. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int file = file_of("file", "0123456789");
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *own = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    SHOW(shared != MAP_FAILED && own != MAP_FAILED);
    shared[1] = 'S';
    own[2] = 'P';
    pwrite(file, "W", 1, 3);
    show_text(file);
    printf("%.10s %.10s\n", shared, own);
    close(file);
    SHOW(shared[4]);
    return 0;
}
