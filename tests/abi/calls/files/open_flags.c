// SPDX-License-Identifier: MIT
// Calls: open, fcntl64
/* F_GETFL tells how a file was opened, without the flags that mattered at the opening alone. */
#include "tests/abi/calls/show.h"

int main(void) {
    static const int flags[] = {O_RDONLY, O_WRONLY, O_RDWR | O_APPEND, O_RDWR | O_NONBLOCK,
                                O_RDONLY | O_CLOEXEC};
    file_of("file", "text");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        int file = open("file", flags[i] | O_CREAT, 0600);
        printf("opened with %#o: ", flags[i]);
        SHOW(fcntl(file, F_GETFL));
        SHOW(fcntl(file, F_GETFD));
    }
    return 0;
}
