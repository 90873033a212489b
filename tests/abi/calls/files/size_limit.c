// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit)
/* RLIMIT_FSIZE: a write is cut at the limit, one that starts there is a signal. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

int main(void) {
    int file = file_of("file", "");
    setvbuf(stdout, NULL, _IOFBF, 0); /* what is printed may go to a file, too */
    SHOW(setrlimit(RLIMIT_FSIZE, &(struct rlimit){10, RLIM_INFINITY}));
    SHOW(write(file, "0123456789abcdef", 16));
    signal(SIGXFSZ, SIG_IGN);
    SHOW(write(file, "x", 1));
    SHOW(ftruncate(file, 20));
    signal(SIGXFSZ, SIG_DFL);
    pid_t child = fork();
    if (child == 0)
        _exit(write(file, "x", 1) == 1);
    SHOW_END(child);
    SHOW(setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}));
    return 0;
}
