// SPDX-License-Identifier: MIT
// Calls: futex
/* FUTEX_WAKE_OP wakes at the first word, and at the second if that was what the test says. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

#define WAIT      0
#define WAKE      1
#define REQUEUE   3
#define WAKE_OP   5
#define REAL_TIME 256
#define ADD       1
#define NOT_EQUAL 1
#define OPERATION(change, value, test, than)                                                       \
    ((unsigned)(change) << 28 | (test) << 24 | ((value)&0xFFF) << 12 | ((than)&0xFFF))

static int *words;

static pid_t waiter(int word) {
    pid_t child = fork();
    int expected = words[word];
    if (child == 0)
        _exit(syscall(SYS_futex, words + word, WAIT, expected, &(struct timespec){5, 0}, NULL, 0));
    return child;
}

/* All changes and tests, and those that are none. */
static void show_operations(void) {
    for (int change = 0; change < 16; change++)
        for (int test = 0; test < 8; test++) {
            words[1] = 6;
            long result = syscall(SYS_futex, words, WAKE_OP, 1, 1, words + 1,
                                  OPERATION(change, change < 8 ? -3 : 35, test, 6));
            printf("%d %d: %ld %s, the word is %d\n", change, test, result,
                   result < 0 ? strerror(errno) : "", words[1]);
        }
}

int main(void) {
    words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    words[1] = 5;
    pid_t one = waiter(0), two = waiter(1), three = waiter(1);
    sleep_ms(150);
    SHOW(syscall(SYS_futex, words, WAKE_OP, 9, 9, words + 1, OPERATION(ADD, -1, NOT_EQUAL, 5)));
    SHOW_END(one);
    SHOW(syscall(SYS_futex, words, WAKE_OP, 0, 0, words + 1, OPERATION(ADD, -1, NOT_EQUAL, 5)));
    SHOW(syscall(SYS_futex, words + 1, WAKE, 0, NULL, NULL, 0));
    SHOW_END(two);
    SHOW_END(three);
    SHOW(words[1]);
    show_operations();
    SHOW(syscall(SYS_futex, words, WAKE_OP, 1, 1, (char *)words + 1, 0));
    SHOW(syscall(SYS_futex, (char *)words + 1, WAKE_OP, 1, 1, words, 0));
    SHOW(syscall(SYS_futex, words, WAKE_OP | REAL_TIME, 1, 1, words, 0));
    SHOW(syscall(SYS_futex, words, WAIT | REAL_TIME, 1, NULL, NULL, 0));
    SHOW(syscall(SYS_futex, words, REQUEUE, -1, 1, words + 1, 0));
    SHOW(syscall(SYS_futex, words, REQUEUE, 1, -1, words + 1, 0));
    return 0;
}
