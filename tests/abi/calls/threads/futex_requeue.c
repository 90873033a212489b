// SPDX-License-Identifier: MIT
// Calls: futex
/* Waiters are woken and moved elsewhere. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define WAIT        0
#define WAKE        1
#define CMP_REQUEUE 4

static int *words;

static pid_t waiter(void) {
    pid_t child = fork();
    if (child == 0)
        _exit(syscall(SYS_futex, words, WAIT, 0, &(struct timespec){5, 0}, NULL, 0) == 0 ? 3 : 4);
    return child;
}

int main(void) {
    words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t one = waiter(), two = waiter(), three = waiter();
    sleep_ms(150);
    SHOW(syscall(SYS_futex, words, CMP_REQUEUE, 1, 1, words + 1, 9));
    SHOW(syscall(SYS_futex, words, CMP_REQUEUE, 1, 1, words + 1, 0));
    SHOW(syscall(SYS_futex, words, WAKE, 9, NULL, NULL, 0));
    SHOW(syscall(SYS_futex, words + 1, WAKE, 9, NULL, NULL, 0));
    SHOW_END(one);
    SHOW_END(two);
    SHOW_END(three);
    return 0;
}
