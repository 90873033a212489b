// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit), fork
/* RLIMIT_NPROC: a user who is not root runs out of processes. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

int main(void) {
    int end[2], made = 0;
    char byte;
    pipe(end);
    SHOW(setrlimit(RLIMIT_NPROC, &(struct rlimit){5, 5}));
    setuid(1234);
    pid_t child;
    while (made < 20 && (child = fork()) >= 0) {
        if (child == 0) {
            close(end[1]);
            _exit(read(end[0], &byte, 1));
        }
        made++;
    }
    SHOW(made);
    SHOW_OK(fork());
    close(end[1]);
    while (wait(NULL) > 0)
        ;
    if (fork() == 0)
        _exit(0);
    SHOW(wait(NULL) > 0);
    return 0;
}
