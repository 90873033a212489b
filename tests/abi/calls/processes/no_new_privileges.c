// SPDX-License-Identifier: MIT
// Calls: prctl
/* With PR_SET_NO_NEW_PRIVS a program with S_ISUID is an ordinary one, for ever. */
#include "tests/abi/calls/show.h"

#include <sys/prctl.h>
#include <sys/sendfile.h>

int main(int count, char **words) {
    struct stat status;
    (void)words;
    if (count > 1) {
        printf("uid %u %u\n", getuid(), geteuid());
        return 0;
    }
    int from = open("/proc/self/exe", O_RDONLY), to = open("program", O_CREAT | O_WRONLY, 0700);
    fstat(from, &status);
    sendfile(to, from, NULL, status.st_size);
    fchown(to, 1000, 1000);
    fchmod(to, 04755);
    close(to);
    setuid(3000);
    SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    SHOW(execl("program", "program", "again", NULL));
    return 1;
}
