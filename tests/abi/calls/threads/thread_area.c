// SPDX-License-Identifier: MIT
// Calls: set_thread_area, get_thread_area
/* A segment for thread data. */
#include "tests/abi/calls/show.h"

struct segment {
    unsigned number, base, limit, flags;
};

int main(void) {
    static int word = 42;
    struct segment segment = {~0u, (unsigned)&word, 0xfffff, 0x51}, told = {0};
    int value = 0;
    SHOW(syscall(SYS_set_thread_area, &segment));
    if (segment.number == ~0u)
        return 1;
    __asm__ volatile("mov %1, %%fs; mov %%fs:0, %0"
                     : "=r"(value)
                     : "r"(segment.number * 8 + 3)
                     : "memory");
    SHOW(value);
    told.number = segment.number;
    SHOW(syscall(SYS_get_thread_area, &told));
    SHOW(told.base == segment.base);
    told.number = 3;
    SHOW(syscall(SYS_get_thread_area, &told));
    segment.number = 3;
    SHOW(syscall(SYS_set_thread_area, &segment));
    SHOW(syscall(SYS_set_thread_area, nowhere));
    return 0;
}
