// SPDX-License-Identifier: MIT
// Calls: open, prctl
/* A name that is written is the thread's. */
#include "tests/abi/calls/show.h"

#include <sys/prctl.h>

int main(void) {
    char name[16] = "";
    int file = open("/proc/self/comm", O_RDWR);
    SHOW(write(file, "another name\n", 13));
    SHOW(prctl(PR_GET_NAME, name));
    printf("[%s]\n", name);
    show_text(file);
    return 0;
}
