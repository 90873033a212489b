// SPDX-License-Identifier: MIT
// Calls: kill
/* A whole group at once. */
#include "tests/abi/calls/show.h"

int main(void) {
    pid_t first = fork();
    if (first == 0)
        for (;;)
            pause();
    setpgid(first, first);
    pid_t second = fork();
    if (second == 0)
        for (;;)
            pause();
    setpgid(second, first);
    SHOW(kill(-first, SIGUSR1));
    SHOW_END(first);
    SHOW_END(second);
    SHOW(kill(-first, 0));
    return 0;
}
