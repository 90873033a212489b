// SPDX-License-Identifier: MIT
// Calls: _newselect
/* Sets of descriptors, for reading, writing and what is exceptional. */
#include "tests/abi/calls/show.h"

#include <sys/select.h>

int main(void) {
    fd_set readers, writers;
    int end[2], soon[2] = {0, 10000};
    pipe(end);
    FD_ZERO(&readers);
    FD_ZERO(&writers);
    FD_SET(end[0], &readers);
    FD_SET(end[1], &writers);
    SHOW(syscall(SYS__newselect, end[1] + 1, &readers, &writers, NULL, NULL));
    printf("%d %d\n", FD_ISSET(end[0], &readers) != 0, FD_ISSET(end[1], &writers) != 0);
    write(end[1], "x", 1);
    FD_SET(end[0], &readers);
    SHOW(syscall(SYS__newselect, end[1] + 1, &readers, NULL, NULL, NULL));
    FD_ZERO(&readers);
    SHOW(syscall(SYS__newselect, 1, &readers, NULL, NULL, soon));
    FD_SET(50, &readers);
    SHOW(syscall(SYS__newselect, 51, &readers, NULL, NULL, soon));
    SHOW(syscall(SYS__newselect, -1, NULL, NULL, NULL, soon));
    SHOW(syscall(SYS__newselect, 51, nowhere, NULL, NULL, soon));
    return 0;
}
