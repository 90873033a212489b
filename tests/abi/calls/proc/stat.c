// SPDX-License-Identifier: MIT
// Calls: open
/* The first words of /proc/self/stat. */
#include "tests/abi/calls/show.h"

int main(void) {
    int number = 0, parent = 0, group = 0;
    char name[20] = "", state = 0;
    FILE *file = fopen("/proc/self/stat", "r");
    if (file == NULL)
        return SHOW(open("/proc/self/stat", O_RDONLY));
    SHOW(fscanf(file, "%d (%15[^)]) %c %d %d", &number, name, &state, &parent, &group));
    printf("%s, %c\n", name, state);
    SHOW(number == getpid() && parent == getppid() && group == getpgrp());
    return 0;
}
