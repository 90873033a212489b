// SPDX-License-Identifier: MIT
// Calls: utimensat (futimesat utimes)
/* Who may only write may set the times to now, and to nothing else. */
#include "tests/abi/calls/show.h"

int main(void) {
    struct timespec times[2] = {{1000, 0}, {2000, 0}};
    file_of("writable", "text");
    chmod("writable", 0666);
    file_of("readable", "text");
    chmod(".", 0755);
    setuid(1000);
    SHOW(utimensat(AT_FDCWD, "writable", NULL, 0));
    SHOW(utimensat(AT_FDCWD, "writable", times, 0));
    SHOW(utimensat(AT_FDCWD, "readable", NULL, 0));
    return 0;
}
