// SPDX-License-Identifier: MIT
// Calls: statfs64
/* What a tmpfs says of itself. */
#include "tests/abi/calls/show.h"

#include <sys/statfs.h>

int main(void) {
    struct statfs status = {0};
    SHOW(statfs(".", &status));
    printf("type %lx, block %lu, name %lu\n", (long)status.f_type, (long)status.f_bsize,
           (long)status.f_namelen);
    SHOW(status.f_blocks > 0 && status.f_bfree <= status.f_blocks);
    SHOW(statfs("/proc", &status));
    printf("type %lx, blocks %llu\n", (long)status.f_type, (unsigned long long)status.f_blocks);
    SHOW(statfs("nothing", &status));
    SHOW(syscall(SYS_statfs64, ".", 10, &status));
    SHOW(syscall(SYS_statfs64, ".", sizeof status, nowhere));
    return 0;
}
