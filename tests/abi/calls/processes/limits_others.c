// SPDX-License-Identifier: MIT
// Calls: prlimit64
/* The limits of another process, by its number. */
#include "tests/abi/calls/show.h"

struct limit {
    uint64_t soft, hard;
};

int main(void) {
    struct limit old = {0}, new = {50, 60};
    int end[2];
    char byte;
    pipe(end);
    pid_t child = fork();
    if (child == 0) {
        close(end[1]);
        read(end[0], &byte, 1);
        _exit(fcntl(0, F_DUPFD, 50) == -1);
    }
    SHOW(syscall(SYS_prlimit64, child, 7, &new, NULL));
    SHOW(syscall(SYS_prlimit64, child, 7, NULL, &old));
    printf("%d %d\n", (int)old.soft, (int)old.hard);
    SHOW(syscall(SYS_prlimit64, 99999, 7, NULL, &old));
    SHOW(syscall(SYS_prlimit64, 0, 7, nowhere, NULL));
    close(end[1]);
    SHOW_END(child);
    return 0;
}
