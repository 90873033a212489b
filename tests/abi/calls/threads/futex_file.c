// SPDX-License-Identifier: MIT
// Calls: futex
/* Who waits in a mapping of a file is woken by another process that has mapped it too, wherever, though nobody has written to it. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

static int *map_file(void) {
    int file = open("/proc/self/exe", O_RDONLY);
    int *words = mmap(NULL, 8192, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    return words;
}

int main(void) {
    int *first = map_file(), *second = map_file(), woken = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(syscall(SYS_futex, first + 1, 0, first[1], &(struct timespec){5, 0}, NULL, 0) == 0
                  ? 3
                  : 4);
    for (int i = 0; i < 200 && woken == 0; i++) {
        sleep_ms(10);
        if (syscall(SYS_futex, second + 2, 1, 10, NULL, NULL, 0) != 0)
            SHOW(i);
        woken = syscall(SYS_futex, second + 1, 1, 10, NULL, NULL, 0);
    }
    SHOW(woken);
    SHOW_END(child);
    return 0;
}
