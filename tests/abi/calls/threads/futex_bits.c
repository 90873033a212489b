// SPDX-License-Identifier: MIT
// Calls: futex
/* Only those are woken whose bits fit. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define WAIT_BITSET 9
#define WAKE_BITSET 10

int main(void) {
    int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0)
        _exit(syscall(SYS_futex, word, WAIT_BITSET, 0, NULL, NULL, 2) == 0 ? 3 : 4);
    sleep_ms(100);
    SHOW(syscall(SYS_futex, word, WAKE_BITSET, 9, NULL, NULL, 4));
    SHOW(syscall(SYS_futex, word, WAKE_BITSET, 9, NULL, NULL, 6));
    SHOW(syscall(SYS_futex, word, WAIT_BITSET, 0, NULL, NULL, 0));
    SHOW(syscall(SYS_futex, word, WAKE_BITSET, 9, NULL, NULL, 0));
    kill(child, SIGKILL);
    SHOW(waitpid(child, NULL, 0) == child);
    return 0;
}
