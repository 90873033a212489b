// SPDX-License-Identifier: MIT
// Calls: mmap2
/* What cannot be mapped, and why. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define PAGES MAP_PRIVATE | MAP_ANONYMOUS

int main(void) {
    int file = file_of("file", "text"), reader = open("file", O_RDONLY),
        writer = open("file", O_WRONLY), end[2];
    pipe(end);
    SHOW_OK(mmap(NULL, 0, PROT_READ, PAGES, -1, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, writer, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, end[0], 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open(".", O_RDONLY), 0));
    SHOW_OK(mmap((void *)1, 4096, PROT_READ, PAGES | MAP_FIXED, -1, 0));
    SHOW_OK(mmap(NULL, 0xfffff000, PROT_READ, PAGES, -1, 0));
    SHOW_OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 4096 * 100));
    return 0;
}
