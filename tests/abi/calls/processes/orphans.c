// SPDX-License-Identifier: MIT
// Calls: getppid
/* Who loses its parent gets another one. */
#include "tests/abi/calls/show.h"

int main(void) {
    int end[2];
    char byte = 'n';
    pipe(end);
    pid_t child = fork();
    if (child == 0) {
        pid_t parent = getpid();
        if (fork() == 0) {
            for (int i = 0; i < 200 && getppid() == parent; i++)
                sleep_ms(10);
            write(end[1], getppid() == parent || getppid() < 0 ? "n" : "y", 1);
        }
        _exit(0);
    }
    SHOW_END(child);
    read(end[0], &byte, 1);
    printf("another one: %c\n", byte);
    return 0;
}
