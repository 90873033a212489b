// SPDX-License-Identifier: MIT
// Calls: readlink, open
/* /proc/self is who looks. */
#include "tests/abi/calls/show.h"

int main(void) {
    char text[100] = "", number[20];
    snprintf(number, sizeof number, "%d", getpid());
    readlink("/proc/self", text, sizeof text);
    SHOW(strcmp(text, number) == 0);
    SHOW(open("/proc/99999", O_RDONLY));
    SHOW(open("/proc/self/nothing", O_RDONLY));
    SHOW(open("/proc/self/stat", O_WRONLY));
    SHOW(mkdir("/proc/self/new", 0755));
    return 0;
}
