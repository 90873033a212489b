// SPDX-License-Identifier: MIT
// Calls: open
/* O_TRUNC empties a file that may be written; O_APPEND writes at the end wherever the offset is. */
#include "tests/abi/calls/show.h"

int main(void) {
    int file = file_of("file", "some text");
    int appending = open("file", O_WRONLY | O_APPEND);
    SHOW(lseek(appending, 0, SEEK_SET));
    SHOW(write(appending, "!", 1));
    show_text(file);
    SHOW(open("file", O_WRONLY | O_TRUNC));
    show_text(file);
    return 0;
}
