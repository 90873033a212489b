// SPDX-License-Identifier: MIT
/*
 * See watch.h. The CPU has no watch on reads alone. So two lie on the word: DR0 on every access, DR1 on writes. DR6
 * names both after a write, and DR0 alone after a read.
 */
#include "kernel/fault/watch.h"

#if TEST_FAULTS

#include "kernel/cpu/cpu.h"

#define CPUS       8u
#define DR6_CLEAR  0xFFFF0FF0u
#define DR6_ACCESS 0x1u
#define DR6_WRITE  0x2u
#define DR7_OFF    0x400u                                     /* the bit that is always set */
#define DR7_ON     (DR7_OFF | 0xAu | 0xFu << 16 | 0xDu << 20) /* 4 bytes each, both global */

static struct {
    uint32_t address;
    uint32_t set;         /* which one, counted from 1; 0: none is set */
    uint32_t count;       /* of those set so far */
    uint32_t armed[CPUS]; /* the one that stands in the CPU's registers; 0: they are off */
} watch;

static void load(uint32_t which) {
    uint32_t *armed = &watch.armed[this_cpu()->number];

    if (*armed == which)
        return;
    *armed = which;
    __asm__ volatile("mov %0, %%dr7" : : "r"(DR7_OFF));
    if (which == 0)
        return;
    __asm__ volatile("mov %0, %%dr0\n\t"
                     "mov %0, %%dr1\n\t"
                     "mov %1, %%dr6\n\t"
                     "mov %2, %%dr7"
                     :
                     : "r"(watch.address), "r"(DR6_CLEAR), "r"(DR7_ON));
}

void watch_set(uint32_t address) {
    watch.address = address;
    watch.set = ++watch.count;
}

void watch_clear(void) {
    watch.set = 0;
    load(0);
}

void watch_arm(bool arm) {
    load(arm ? watch.set : 0);
}

enum watch_hit watch_take(void) {
    uint32_t status, armed = watch.armed[this_cpu()->number];

    __asm__ volatile("mov %%dr6, %0" : "=r"(status));
    if (armed == 0 || !(status & DR6_ACCESS))
        return HIT_NOTHING;
    load(0);
    if (armed != watch.set)
        return HIT_LATE;
    watch.set = 0;
    return status & DR6_WRITE ? HIT_WRITTEN : HIT_READ;
}

#endif
