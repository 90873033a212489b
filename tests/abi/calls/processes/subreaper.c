// SPDX-License-Identifier: MIT
// Calls: prctl
/* A process may take orphans from its descendants. */
#include "tests/abi/calls/show.h"

#include <sys/prctl.h>

int main(void) {
    int reaper = 0, status;
    SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1));
    SHOW(prctl(PR_GET_CHILD_SUBREAPER, &reaper));
    SHOW(reaper);
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            sleep_ms(50);
            _exit(getppid() == getsid(0) ? 7 : 8);
        }
        _exit(6);
    }
    SHOW_END(child);
    SHOW(wait(&status) > 0);
    show_status("grandchild", status);
    return 0;
}
