// SPDX-License-Identifier: MIT
// Calls: kill
/* Who is not root reaches only processes of the same user. */
#include "tests/abi/calls/show.h"

int main(void) {
    pid_t roots = fork();
    if (roots == 0)
        for (;;)
            pause();
    setuid(1000);
    pid_t mine = fork();
    if (mine == 0)
        for (;;)
            pause();
    SHOW(kill(roots, 0));
    SHOW(kill(roots, SIGKILL));
    SHOW(kill(mine, SIGKILL));
    SHOW_END(mine);
    return 0;
}
