// SPDX-License-Identifier: MIT
// Calls: chdir, getcwd
/* Where a process is, and what happens when the place is gone. */
#include "tests/abi/calls/show.h"

int main(void) {
    char path[100];
    int here = open(".", O_RDONLY);
    mkdir("folder", 0755);
    file_of("file", "");
    SHOW(chdir("folder"));
    SHOW(getcwd(path, sizeof path) != NULL);
    puts(strrchr(path, '/'));
    SHOW(syscall(SYS_getcwd, path, 3));
    SHOW(syscall(SYS_getcwd, nowhere, 100));
    SHOW(chdir("../file"));
    SHOW(chdir("nothing"));
    rmdir("../folder");
    SHOW(getcwd(path, sizeof path) != NULL);
    SHOW(open("new", O_CREAT | O_WRONLY, 0600));
    SHOW(chdir(".."));
    SHOW(fchdir(here));
    return 0;
}
