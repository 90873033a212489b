// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit), open
/* With no number left every call that makes a descriptor says so. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>
#include <sys/socket.h>

int main(void) {
    int end[2];
    SHOW(setrlimit(RLIMIT_NOFILE, &(struct rlimit){8, 8}));
    while (dup(0) >= 0)
        ;
    SHOW(open("/dev/null", O_RDONLY));
    SHOW(dup(0));
    SHOW(fcntl(0, F_DUPFD, 0));
    SHOW(fcntl(0, F_DUPFD, 8));
    SHOW(dup2(0, 8));
    SHOW(pipe(end));
    SHOW(socket(AF_UNIX, SOCK_STREAM, 0));
    close(7);
    SHOW(pipe(end));
    SHOW(open("/dev/null", O_RDONLY));
    return 0;
}
