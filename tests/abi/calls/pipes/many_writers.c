// SPDX-License-Identifier: MIT
// Calls: write, pipe
/* Lines of several writers are not mixed. */
#include "tests/abi/calls/show.h"

int main(void) {
    char line[9];
    int end[2], mixed = 0, lines = 0;
    pipe(end);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            char mine[8];
            memset(mine, 'a' + i, 8);
            for (int n = 0; n < 100; n++)
                write(end[1], mine, 8);
            _exit(0);
        }
    close(end[1]);
    while (read(end[0], line, 8) == 8) {
        for (int i = 1; i < 8; i++)
            mixed += line[i] != line[0];
        lines++;
    }
    SHOW(lines);
    SHOW(mixed);
    return 0;
}
