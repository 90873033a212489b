// SPDX-License-Identifier: MIT
// Calls: open, mkdir
/* A user who is not root: what folders and files allow. */
#include "tests/abi/calls/show.h"

int main(void) {
    mkdir("closed", 0700);
    mkdir("readable", 0755);
    mkdir("hidden", 0711);
    file_of("closed/file", "text");
    file_of("hidden/file", "text");
    file_of("secret", "text");
    chmod("secret", 0600);
    chmod(".", 0755);
    setuid(1000);
    SHOW(open("closed/file", O_RDONLY));
    SHOW(open("hidden/file", O_RDONLY) >= 0);
    SHOW(open("hidden", O_RDONLY));
    SHOW(open("secret", O_RDONLY));
    SHOW(open("readable/new", O_CREAT | O_WRONLY, 0600));
    SHOW(mkdir("readable/new", 0700));
    SHOW(chdir("closed"));
    SHOW(chdir("hidden"));
    return 0;
}
