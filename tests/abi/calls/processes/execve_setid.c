// SPDX-License-Identifier: MIT
// Calls: execve
/* A program with S_ISUID runs as its owner. */
#include "tests/abi/calls/show.h"

#include <sys/sendfile.h>

int main(int count, char **words) {
    struct stat status;
    (void)words;
    if (count > 1) {
        printf("uid %u %u, gid %u %u\n", getuid(), geteuid(), getgid(), getegid());
        return 0;
    }
    int from = open("/proc/self/exe", O_RDONLY), to = open("program", O_CREAT | O_WRONLY, 0700);
    fstat(from, &status);
    SHOW(sendfile(to, from, NULL, status.st_size) == status.st_size);
    fchown(to, 1000, 2000);
    fchmod(to, 06755);
    close(to);
    setgid(3000);
    setuid(3000);
    SHOW(execl("program", "program", "again", NULL));
    return 1;
}
