// SPDX-License-Identifier: MIT
// Calls: open
/* O_EXCL makes a file once, and follows no link. */
#include "tests/abi/calls/show.h"

int main(void) {
    SHOW(open("new", O_CREAT | O_EXCL | O_WRONLY, 0600));
    SHOW(open("new", O_CREAT | O_EXCL | O_WRONLY, 0600));
    symlink("nowhere", "link");
    SHOW(open("link", O_CREAT | O_EXCL | O_WRONLY, 0600));
    SHOW(open("link", O_CREAT | O_WRONLY, 0600));
    SHOW(access("nowhere", F_OK));
    return 0;
}
