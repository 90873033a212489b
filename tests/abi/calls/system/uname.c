// SPDX-License-Identifier: MIT
// Calls: uname
/* What the machine calls itself. */
#include "tests/abi/calls/show.h"

#include <sys/utsname.h>

int main(void) {
    struct utsname name = {0};
    SHOW(uname(&name));
    puts(name.sysname);
    SHOW(strcmp(name.machine, "i686") == 0 || strcmp(name.machine, "x86_64") == 0);
    SHOW(atoi(name.release) >= 5);
    SHOW(syscall(SYS_uname, nowhere));
    return 0;
}
