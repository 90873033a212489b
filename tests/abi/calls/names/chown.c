// SPDX-License-Identifier: MIT
// Calls: chown32
/* Who may give a file away, and what that takes from it. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct stat status;
    file_of("file", "text");
    chmod("file", 06755);
    SHOW(chown("file", 1000, 2000));
    stat("file", &status);
    printf("%u %u %o\n", status.st_uid, status.st_gid, status.st_mode);
    SHOW(chown("file", -1, 2001));
    stat("file", &status);
    printf("%u %u\n", status.st_uid, status.st_gid);
    setgid(2001);
    setuid(1000);
    SHOW(chown("file", 1001, -1));
    SHOW(chown("file", -1, 2001));
    SHOW(chown("file", -1, 2002));
    return 0;
}
