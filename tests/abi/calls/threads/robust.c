// SPDX-License-Identifier: MIT
// Calls: set_robust_list, get_robust_list
/* Locks of a process that dies are marked, and who waits is woken. */
#include "tests/abi/calls/show.h"

#include <stddef.h>
#include <sys/mman.h>

#define OWNER_DIED 0x40000000

struct robust {
    struct robust *next;
    int word;
};

int main(void) {
    struct {
        struct robust *first;
        long offset;
        struct robust *pending;
    } *head = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
      *told = NULL;
    struct robust *lock = (struct robust *)(head + 1);
    size_t length = 0;
    pid_t child = fork();
    if (child == 0) {
        head->first = lock;
        lock->next = (struct robust *)head;
        head->offset = offsetof(struct robust, word);
        SHOW(syscall(SYS_set_robust_list, head, sizeof *head));
        lock->word = getpid();
        _exit(0);
    }
    SHOW_END(child);
    SHOW(lock->word == (child | OWNER_DIED));
    SHOW(syscall(SYS_set_robust_list, head, 5));
    SHOW(syscall(SYS_set_robust_list, head, sizeof *head));
    SHOW(syscall(SYS_get_robust_list, 0, &told, &length));
    SHOW(told == head && length == sizeof *head);
    SHOW(syscall(SYS_get_robust_list, 99999, &told, &length));
    head->first = (struct robust *)head;
    return 0;
}
