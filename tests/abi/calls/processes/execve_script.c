// SPDX-License-Identifier: MIT
// Calls: execve
/* A script's interpreter gets one argument of the first line, the script's name, and the rest. */
#include "tests/abi/calls/show.h"

int main(int count, char **words) {
    if (count > 1) {
        for (int i = 1; i < count; i++)
            puts(words[i]);
        return count;
    }
    char line[300] = "#! ";
    readlink("/proc/self/exe", line + 3, 200);
    strcat(line, "  one argument  \nthe rest\n");
    close(file_of("script", line));
    chmod("script", 0755);
    SHOW(execl("script", "name", "a", "b", NULL));
    return 1;
}
