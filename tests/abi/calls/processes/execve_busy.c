// SPDX-License-Identifier: MIT
// Calls: execve, open
/* A file that somebody may write to is not run, and a program that runs is not written to. */
#include "tests/abi/calls/show.h"

#include <sys/sendfile.h>

int main(int count, char **words) {
    struct stat status;
    (void)words;
    if (count > 1) {
        SHOW(open("program", O_WRONLY));
        SHOW(truncate("program", 0));
        return 0;
    }
    int from = open("/proc/self/exe", O_RDONLY), to = open("program", O_CREAT | O_WRONLY, 0755);
    fstat(from, &status);
    sendfile(to, from, NULL, status.st_size);
    SHOW(execl("program", "program", "again", NULL));
    close(to);
    SHOW(execl("program", "program", "again", NULL));
    return 1;
}
