// SPDX-License-Identifier: MIT
// Calls: mount, write
/* A tmpfs with a size: a write is cut at the end, and room comes back with what is removed. */
#include "tests/abi/calls/show.h"

#include <sys/mount.h>

static char bytes[16384];

int main(void) {
    mkdir("small", 0755);
    SHOW(mount("none", "small", "tmpfs", 0, "size=32k"));
    int file = file_of("small/file", "");
    SHOW(write(file, bytes, sizeof bytes));
    SHOW(write(file, bytes, 12000));
    SHOW(write(file, bytes, sizeof bytes));
    SHOW(write(file, bytes, sizeof bytes));
    SHOW(ftruncate(file, 4096));
    SHOW(pwrite(file, bytes, 4096, 4096));
    close(file);
    SHOW(umount("small"));
    return 0;
}
