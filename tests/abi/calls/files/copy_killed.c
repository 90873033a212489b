// SPDX-License-Identifier: MIT
// Calls: sendfile64
/* Others make calls while much is copied, and who copies can be killed. */
#include "tests/abi/calls/show.h"

#include <sys/sendfile.h>

static void copy(void) {
    int from = open("/dev/zero", O_RDONLY), to = open("/dev/null", O_WRONLY);
    for (int i = 0; i < 4; i++)
        if (sendfile(to, from, NULL, 0x7FFFF000) <= 0)
            _exit(1);
    _exit(0);
}

int main(void) {
    pid_t child = fork();
    if (child == 0)
        copy();
    sleep_ms(50);
    SHOW(kill(child, SIGKILL));
    SHOW_END(child);
    return 0;
}
