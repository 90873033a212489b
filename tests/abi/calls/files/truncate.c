// SPDX-License-Identifier: MIT
// Calls: truncate64, ftruncate64
/* Files are cut and grow; what grows reads as zeros. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    int file = file_of("file", "0123456789"), reader = open("file", O_RDONLY);
    SHOW(truncate("file", 4));
    show_text(file);
    SHOW(ftruncate(file, 6));
    fstat(file, &status);
    SHOW(status.st_size);
    SHOW(ftruncate(reader, 2));
    SHOW(ftruncate(file, -1));
    SHOW(truncate("file", -1));
    SHOW(truncate(".", 0));
    SHOW(truncate("nothing", 0));
    SHOW(ftruncate(99, 0));
    return 0;
}
