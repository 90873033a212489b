// SPDX-License-Identifier: MIT
// Calls: readahead
/* What is to be read ahead must be a file that may be read. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "text"), writer = open("file", O_WRONLY), end[2];
    pipe(end);
    SHOW(readahead(file, 0, 4096));
    SHOW(readahead(writer, 0, 4096));
    SHOW(readahead(end[0], 0, 4096));
    SHOW(readahead(99, 0, 4096));
    return 0;
}
