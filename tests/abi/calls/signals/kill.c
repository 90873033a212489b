// SPDX-License-Identifier: MIT
// Calls: kill
/* Whom a signal can be sent to. */
#include "tests/abi/calls/show.h"

int main(void) {
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    SHOW(kill(child, 0));
    SHOW(kill(child, 65));
    SHOW(kill(child, -1));
    SHOW(kill(99999, 0));
    SHOW(kill(-99999, 0));
    SHOW(kill(child, SIGTERM));
    SHOW_END(child);
    SHOW(kill(child, 0));
    return 0;
}
