// SPDX-License-Identifier: MIT
// Calls: writev
/* One write gathers several places in turn. */
#include "tests/abi/calls/show.h"

#include <sys/uio.h>

int main(void) {
    struct iovec places[] = {{"one ", 4}, {"", 0}, {"two", 3}},
                 huge[] = {{"a", 1}, {"b", SIZE_MAX}};
    int file = file_of("file", "");
    SHOW(writev(file, places, 3));
    show_text(file);
    SHOW(writev(file, huge, 2));
    SHOW(writev(file, nowhere, 2));
    SHOW(writev(99, places, 3));
    return 0;
}
