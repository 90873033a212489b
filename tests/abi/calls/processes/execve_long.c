// SPDX-License-Identifier: MIT
// Calls: execve
/* As many words as fit, and one that is too long. */
#include "tests/abi/calls/show.h"

int main(int count, char **words) {
    static char *many[5002], word[200000];
    if (count > 1) {
        printf("%d words, the last has %d bytes\n", count, (int)strlen(words[count - 1]));
        return 0;
    }
    memset(word, 'w', sizeof word - 1);
    SHOW(execve("/proc/self/exe", (char *[]){"x", word, NULL}, NULL));
    word[100] = 0;
    for (int i = 0; i < 1000; i++)
        many[i] = word;
    SHOW(execve("/proc/self/exe", many, NULL));
    return 1;
}
