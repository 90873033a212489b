// SPDX-License-Identifier: MIT
// Calls: setgroups32, open
/* The group's permissions are for its members, also if they allow less than the others'. */
#include "tests/abi/calls/show.h"

#include <grp.h>

int main(void) {
    file_of("group", "text");
    chown("group", 0, 2000);
    chmod("group", 0640);
    file_of("not_group", "text");
    chown("not_group", 0, 2000);
    chmod("not_group", 0604);
    SHOW(setgroups(1, (gid_t[]){2000}));
    setgid(1000);
    setuid(1000);
    SHOW(open("group", O_RDONLY) >= 0);
    SHOW(open("group", O_WRONLY));
    SHOW(open("not_group", O_RDONLY));
    return 0;
}
