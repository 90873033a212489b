// SPDX-License-Identifier: MIT
// Calls: prctl
/* A signal when the parent dies. */
#include "tests/abi/calls/show.h"

#include <sys/prctl.h>

int main(void) {
    int end[2], signal = 0;
    char byte;
    pipe(end);
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            SHOW(prctl(PR_SET_PDEATHSIG, SIGTERM));
            SHOW(prctl(PR_GET_PDEATHSIG, &signal));
            SHOW(signal);
            write(end[1], "", 1);
            for (int i = 0; i < 100; i++)
                sleep_ms(20);
            _exit(0);
        }
        read(end[0], &byte, 1);
        _exit(0);
    }
    SHOW_END(child);
    close(end[1]);
    SHOW(read(end[0], &byte, 1)); /* at once: whoever held the other end is dead */
    return 0;
}
