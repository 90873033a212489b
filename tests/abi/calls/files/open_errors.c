// SPDX-License-Identifier: MIT
// Calls: open
/* What cannot be opened, and why. */
#include "tests/abi/calls/show.h"

int main(void) {
    char longer[300];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    file_of("file", "");
    mkdir("folder", 0755);
    SHOW(open("", O_RDONLY));
    SHOW(open("nothing", O_RDONLY));
    SHOW(open("file/below", O_RDONLY));
    SHOW(open("file/", O_RDONLY));
    SHOW(open("folder", O_WRONLY));
    SHOW(open("folder", O_RDONLY | O_CREAT, 0600));
    SHOW(open("file", O_RDONLY | O_DIRECTORY));
    SHOW(open("new/", O_WRONLY | O_CREAT, 0600));
    SHOW(open("nothing/new", O_WRONLY | O_CREAT, 0600));
    SHOW(open(longer, O_RDONLY));
    SHOW(open(nowhere, O_RDONLY));
    return 0;
}
