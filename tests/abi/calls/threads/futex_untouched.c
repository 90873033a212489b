// SPDX-License-Identifier: MIT
// Calls: futex
/* Words in pages that nobody has touched yet, and where there are none: a wait looks at its word, a wake of this process's own does not. */
#include "tests/abi/calls/show.h"

#include <sys/mman.h>

enum { WAIT, WAKE, REQUEUE = 3, CMP_REQUEUE, WAKE_OP, PRIVATE = 128 };

#define SET_TO_7_IF_0 (0 << 28 | 7 << 12)

static long futex(void *word, int operation, int value, void *time, void *other, int third) {
    return syscall(SYS_futex, word, operation, value, time, other, third);
}

static int *untouched(int protection, int flags) {
    return mmap(NULL, 4096, protection, flags | MAP_ANONYMOUS, -1, 0);
}

static int is_there(int *word) {
    unsigned char there = 0;
    mincore((void *)((uintptr_t)word & -4096), 4096, &there);
    return there & 1;
}

static void show_words(int protection, int flags) {
    struct timespec soon = {0, 20000000};
    for (int operation = 0; operation <= PRIVATE; operation += PRIVATE) {
        printf("protection %d, %s, operations from %d\n", protection,
               flags == MAP_SHARED ? "shared" : "private", operation);
        SHOW(futex(untouched(protection, flags), operation | WAIT, 0, &soon, NULL, 0));
        SHOW(futex(untouched(protection, flags), operation | WAIT, 1, &soon, NULL, 0));
        SHOW(futex(untouched(protection, flags), operation | WAKE, 1, NULL, NULL, 0));
        SHOW(futex(untouched(protection, flags), operation | REQUEUE, 1, NULL,
                   untouched(protection, flags), 0));
        SHOW(futex(untouched(protection, flags), operation | CMP_REQUEUE, 1, NULL,
                   untouched(protection, flags), 0));
        SHOW(futex(untouched(protection, flags), operation | WAKE_OP, 1, NULL,
                   untouched(protection, flags), SET_TO_7_IF_0));
    }
}

static void show_none(void) {
    int word = 0;
    for (int operation = 0; operation <= PRIVATE; operation += PRIVATE) {
        printf("no page, operations from %d\n", operation);
        SHOW(futex(nowhere, operation | WAIT, 0, NULL, NULL, 0));
        SHOW(futex(nowhere, operation | WAKE, 1, NULL, NULL, 0));
        SHOW(futex(nowhere, operation | REQUEUE, 1, NULL, &word, 0));
        SHOW(futex(&word, operation | REQUEUE, 1, NULL, nowhere, 0));
        SHOW(futex(nowhere, operation | CMP_REQUEUE, 1, NULL, &word, 0));
        SHOW(futex(&word, operation | CMP_REQUEUE, 1, NULL, nowhere, 0));
        SHOW(futex(nowhere, operation | WAKE_OP, 1, NULL, &word, SET_TO_7_IF_0));
        SHOW(futex(&word, operation | WAKE_OP, 1, NULL, nowhere, SET_TO_7_IF_0));
        SHOW(futex((char *)&word + 1, operation | WAKE, 1, NULL, NULL, 0));
        SHOW(futex(&word, operation | REQUEUE, 1, NULL, (char *)&word + 1, 0));
    }
}

int main(void) {
    int *word = untouched(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    SHOW(futex(word, PRIVATE | WAKE, 1, NULL, NULL, 0));
    SHOW(is_there(word));
    SHOW(futex(word, PRIVATE | WAIT, 1, NULL, NULL, 0));
    SHOW(is_there(word));
    show_words(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    show_words(PROT_READ | PROT_WRITE, MAP_SHARED);
    show_words(PROT_READ, MAP_PRIVATE);
    show_words(PROT_NONE, MAP_PRIVATE);
    show_none();
    return 0;
}
