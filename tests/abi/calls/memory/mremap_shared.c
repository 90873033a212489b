// SPDX-License-Identifier: MIT
// Calls: mremap
/* Shared memory without a file keeps its size: its mappings grow, but nothing is behind its end, however far they go. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define PAGE 4096
#define HUGE 0x50000000u

static void *map(size_t bytes, int flags) {
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
}

static void touch(volatile char *address) {
    pid_t child = fork();
    if (child == 0) {
        *address = 1;
        _exit(0);
    }
    SHOW_END(child);
}

static void show_small(void) {
    char *page = map(PAGE, 0);
    page[0] = 7;
    page = mremap(page, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
    SHOW(page != MAP_FAILED);
    SHOW(page[0]);
    touch(page);
    touch(page + PAGE);
    touch(page + 2 * PAGE);
    SHOW(read(open("/dev/zero", O_RDONLY), page + PAGE, 1));
}

/* The last page alone, which then grows: in all it is more than there are addresses. */
static void show_huge(void) {
    char *all = map(HUGE, 0), *last = all + HUGE - PAGE;
    SHOW(all != MAP_FAILED);
    SHOW(munmap(all, HUGE - PAGE));
    last = mremap(last, PAGE, HUGE, MREMAP_MAYMOVE);
    SHOW(last != MAP_FAILED);
    touch(last);
    touch(last + PAGE);
    touch(last + HUGE / 2);
    touch(last + HUGE - PAGE);
}

int main(void) {
    show_huge(); /* first, where there is room */
    show_small();
    SHOW(map(PAGE, MAP_GROWSDOWN) == MAP_FAILED);
    return 0;
}
