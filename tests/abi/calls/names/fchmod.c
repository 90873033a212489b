// SPDX-License-Identifier: MIT
// Calls: fchmod, fchmodat
/* Permissions by a descriptor and from a folder. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "text"), folder = open(".", O_RDONLY);
    SHOW(fchmod(file, 0600));
    fstat(file, &status);
    printf("%o\n", status.st_mode);
    SHOW(syscall(SYS_fchmodat, folder, "file", 0444));
    fstat(file, &status);
    printf("%o\n", status.st_mode);
    SHOW(fchmod(99, 0600));
    SHOW(syscall(SYS_fchmodat, 99, "file", 0444));
    return 0;
}
