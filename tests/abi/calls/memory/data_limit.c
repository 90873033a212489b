// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit)
/* RLIMIT_DATA and RLIMIT_AS end the growth. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>
#include <sys/resource.h>

int main(void) {
    char *end = (char *)syscall(SYS_brk, 0);
    SHOW(setrlimit(RLIMIT_AS, &(struct rlimit){4 << 20, RLIM_INFINITY}));
    SHOW_OK(mmap(NULL, 8 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    SHOW((char *)syscall(SYS_brk, end + (8 << 20)) == end);
    SHOW_OK(mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    return 0;
}
