// SPDX-License-Identifier: MIT
// Calls: open
/* Some lines of /proc/self/status. */
#include "tests/abi/calls/show.h"

int main(void) {
    static const char *const wanted[] = {
        "Name:", "State:", "Uid:", "Gid:", "Threads:", "SigBlk:", "SigIgn:", "SigCgt:"};
    char line[200];
    setgid(2000);
    setresuid(1000, 1001, 1002);
    signal(SIGUSR1, SIG_IGN);
    signal(SIGQUIT, SIG_DFL);
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL)
        return SHOW(open("/proc/self/status", O_RDONLY));
    while (fgets(line, sizeof line, file))
        for (int i = 0; i < 8; i++)
            if (strncmp(line, wanted[i], strlen(wanted[i])) == 0)
                fputs(line, stdout);
    return 0;
}
