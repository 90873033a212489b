// SPDX-License-Identifier: MIT
// Calls: flock
/* Who waits for a lock gets it when its owner is gone. */
#include "tests/abi/calls/show.h"

#include <sys/file.h>

int main(void) {
    int file = file_of("file", ""), end[2];
    char byte;
    pipe(end);
    pid_t child = fork();
    if (child == 0) {
        int own = open("file", O_RDONLY);
        flock(own, LOCK_EX);
        write(end[1], "", 1);
        sleep_ms(30);
        _exit(0);
    }
    read(end[0], &byte, 1);
    SHOW(flock(file, LOCK_EX | LOCK_NB));
    SHOW(flock(file, LOCK_EX));
    SHOW(waitpid(child, NULL, WNOHANG) >= 0);
    return 0;
}
