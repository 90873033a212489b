// SPDX-License-Identifier: MIT
// Calls: select
/* The first call takes its arguments from memory. */
#include "tests/abi/calls/show.h"

#include <sys/select.h>

int main(void) {
    fd_set readers;
    int end[2];
    pipe(end);
    write(end[1], "x", 1);
    FD_ZERO(&readers);
    FD_SET(end[0], &readers);
    void *arguments[5] = {(void *)(end[0] + 1), &readers, NULL, NULL, NULL};
    SHOW(syscall(SYS_select, arguments));
    SHOW(FD_ISSET(end[0], &readers) != 0);
    SHOW(syscall(SYS_select, nowhere));
    return 0;
}
