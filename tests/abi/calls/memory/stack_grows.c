// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit)
/* The stack grows by being used, as far as its limit allows. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

static int deep(int pages) {
    volatile char page[4096];
    page[0] = 1;
    return pages == 0 ? page[0] : deep(pages - 1) + page[0];
}

int main(void) {
    SHOW(setrlimit(RLIMIT_STACK, &(struct rlimit){1 << 20, RLIM_INFINITY}));
    pid_t child = fork();
    if (child == 0)
        _exit(deep(100) == 101);
    SHOW_END(child);
    child = fork();
    if (child == 0)
        _exit(deep(1000) == 1001);
    SHOW_END(child);
    return 0;
}
