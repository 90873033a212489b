// SPDX-License-Identifier: MIT
// Calls: prctl
/* A thread's name, and what else prctl() tells of a process. */
#include "tests/abi/calls/show.h"

#include <sys/prctl.h>

int main(void) {
    char name[16] = "";
    SHOW(prctl(PR_SET_NAME, "a very long name that is cut"));
    SHOW(prctl(PR_GET_NAME, name));
    puts(name);
    SHOW(prctl(PR_GET_DUMPABLE));
    SHOW(prctl(PR_SET_DUMPABLE, 0));
    SHOW(prctl(PR_GET_DUMPABLE));
    SHOW(prctl(PR_SET_DUMPABLE, 9));
    SHOW(prctl(PR_GET_KEEPCAPS));
    SHOW(prctl(9999));
    SHOW(prctl(PR_GET_NAME, nowhere));
    return 0;
}
