// SPDX-License-Identifier: MIT
// Calls: mkdir, getcwd
/* A path longer than any name that a call takes, step by step. */
#include "tests/abi/calls/show.h"

int main(void) {
    char name[201], path[8192];
    int depth = 0;
    memset(name, 'd', 200);
    name[200] = 0;
    while (depth < 25 && mkdir(name, 0755) == 0 && chdir(name) == 0)
        depth++;
    SHOW(depth);
    SHOW(syscall(SYS_getcwd, path, sizeof path));
    SHOW(syscall(SYS_getcwd, path, 100));
    for (int i = 0; i < 10; i++)
        chdir("..");
    SHOW(syscall(SYS_getcwd, path, sizeof path) > 2000);
    return 0;
}
