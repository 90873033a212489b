// SPDX-License-Identifier: MIT
// Calls: read
/* Reads end at the end of the file; what is bad is told before anything is read. */
#include "tests/abi/calls/show.h"

int main(void) {
    char bytes[20] = "";
    int file = file_of("file", "0123456789"), folder = open(".", O_RDONLY),
        writer = open("file", O_WRONLY);
    SHOW(read(file, bytes, 4));
    SHOW(read(file, bytes, 20));
    SHOW(read(file, bytes, 20));
    SHOW(read(folder, bytes, 20));
    SHOW(read(writer, bytes, 20));
    SHOW(read(99, bytes, 20));
    lseek(file, 0, SEEK_SET);
    SHOW(read(file, nowhere, 4));
    SHOW(read(file, (void *)0xfffff000, 4));
    SHOW(read(file, bytes, 0));
    SHOW(lseek(file, 0, SEEK_CUR));
    return 0;
}
