// SPDX-License-Identifier: MIT
// Calls: readlink
/* The program, the folder, the root and the files that are open. */
#include "tests/abi/calls/show.h"

int main(void) {
    char text[200] = "";
    readlink("/proc/self/exe", text, sizeof text - 1);
    puts(strrchr(text, '/') ? strrchr(text, '/') : text);
    chdir("/dev");
    memset(text, 0, sizeof text);
    SHOW(readlink("/proc/self/cwd", text, sizeof text));
    puts(text);
    memset(text, 0, sizeof text);
    SHOW(readlink("/proc/self/root", text, sizeof text));
    puts(text);
    memset(text, 0, sizeof text);
    SHOW(readlink("/proc/self/fd/0", text, sizeof text));
    puts(text);
    SHOW(readlink("/proc/self/fd/99", text, sizeof text));
    return 0;
}
