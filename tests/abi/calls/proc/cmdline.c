// SPDX-License-Identifier: MIT
// Calls: open
/* The words a program was started with. */
#include "tests/abi/calls/show.h"

int main(int count, char **words) {
    char text[100] = "";
    int file = open("/proc/self/cmdline", O_RDONLY);
    (void)words;
    if (count == 1)
        execl("/proc/self/exe", "a", "bc", "", "d", NULL);
    ssize_t length = SHOW(read(file, text, sizeof text));
    for (ssize_t i = 0; i < length; i++)
        putchar(text[i] ? text[i] : '|');
    puts("");
    return 0;
}
