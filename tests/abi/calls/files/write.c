// SPDX-License-Identifier: MIT
// Calls: write
/* Writes grow the file; bad memory and bad descriptors are told. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", ""), reader = open("file", O_RDONLY);
    SHOW(write(file, "abc", 3));
    SHOW(write(file, "def", 3));
    SHOW(write(reader, "x", 1));
    SHOW(write(file, nowhere, 4));
    SHOW(write(file, (void *)0xfffffff0, 64));
    SHOW(write(99, "x", 1));
    SHOW(write(file, "", 0));
    show_text(file);
    return 0;
}
