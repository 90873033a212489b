// SPDX-License-Identifier: MIT
// Calls: prlimit64 (setrlimit)
/* The limits as a text. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>

int main(void) {
    char line[200];
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){123, 456});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    FILE *file = fopen("/proc/self/limits", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "Max open files", 14) == 0 || strncmp(line, "Max core", 8) == 0 ||
            strncmp(line, "Limit", 5) == 0)
            fputs(line, stdout);
    return 0;
}
