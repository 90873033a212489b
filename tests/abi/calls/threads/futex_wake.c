// SPDX-License-Identifier: MIT
// Calls: futex
/* Who waits in shared memory is woken by another process. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

int main(void) {
    int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
        woken = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(syscall(SYS_futex, word, 0, 0, &(struct timespec){5, 0}, NULL, 0) == 0 ? 3 : 4);
    for (int i = 0; i < 200 && woken == 0; i++) {
        sleep_ms(10);
        woken = syscall(SYS_futex, word, 1, 10, NULL, NULL, 0);
    }
    SHOW(woken);
    SHOW_END(child);
    return 0;
}
