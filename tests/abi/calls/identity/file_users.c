// SPDX-License-Identifier: MIT
// Calls: setfsuid32, setfsgid32
/* The user for files alone; the answer is the one before. */
#include "tests/abi/calls/show.h"

#include <sys/fsuid.h>

int main(void) {
    file_of("secret", "text");
    chmod("secret", 0600);
    chmod(".", 0755);
    SHOW(setfsgid(2000));
    SHOW(setfsgid(-1));
    SHOW(setfsuid(1000));
    SHOW(setfsuid(-1));
    SHOW(open("secret", O_RDONLY));
    SHOW(geteuid());
    SHOW(setfsuid(0));
    SHOW(open("secret", O_RDONLY) >= 0);
    return 0;
}
