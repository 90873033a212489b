// SPDX-License-Identifier: MIT
// Calls: execve
/* Arguments and surroundings go along; descriptors that are marked do not. */
#include "tests/abi/calls/show.h"

extern char **environ;

int main(int count, char **words) {
    if (count > 1) {
        printf("%s, %s, %s\n", words[0], words[1], environ[0]);
        SHOW(fcntl(10, F_GETFD));
        SHOW(fcntl(11, F_GETFD));
        return 3;
    }
    dup2(0, 10);
    dup3(0, 11, O_CLOEXEC);
    SHOW(execve("/proc/self/exe", (char *[]){"name", "word", NULL}, (char *[]){"A=B", NULL}));
    return 1;
}
