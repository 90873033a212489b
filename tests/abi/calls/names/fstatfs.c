// SPDX-License-Identifier: MIT
// Calls: fstatfs64, statfs, fstatfs
/* By a descriptor, and by the calls with numbers of 32 bits. */
#include "tests/abi/calls/show.h"

#include <sys/statfs.h>

int main(void) {
    struct statfs status = {0};
    unsigned old[16];
    int file = file_of("file", ""), end[2];
    pipe(end);
    SHOW(fstatfs(file, &status));
    SHOW(status.f_type == 0x01021994);
    SHOW(fstatfs(end[0], &status));
    printf("type %lx\n", (long)status.f_type);
    SHOW(fstatfs(99, &status));
    SHOW(syscall(SYS_statfs, ".", old));
    SHOW(old[0] == 0x01021994);
    SHOW(syscall(SYS_fstatfs, file, old));
    SHOW(old[1]);
    return 0;
}
