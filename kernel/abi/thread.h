// SPDX-License-Identifier: MIT
/*
 * Threads of a tenant. A thread starts in ring 2 and goes to ring 3 by its own `iret`; `int 0x80` and
 * upcalls bring it back onto the ring-2 stack named here.
 */
#ifndef KERNEL_ABI_THREAD_H
#define KERNEL_ABI_THREAD_H

#include <stdint.h>

#define THREAD_PRIORITY_MOST 100u /* above all of Linux's, for a manager's own threads */
#define THREAD_SLICE_MOST    1000000u

/* Where, and before whom, a thread runs; zeroed: anywhere, by weight. */
struct thread_placement {
    uint32_t cpus; /* a bit for each CPU that it may run on, of those that there are; 0: all */
    uint32_t
        priority; /* 0: it takes turns by weight. Else, at most THREAD_PRIORITY_MOST: it goes before all threads of the tenant
                          that have a lesser one, but for a twentieth of each second, and after those of its own that wait longer */
    uint32_t
        slice; /* with a priority: microseconds after which others of the same one get their turn, at most
                          THREAD_SLICE_MOST; 0: when it waits or yields */
};

struct thread_start {
    uint32_t instruction; /* first EIP, in ring 2 */
    uint32_t stack;       /* first ESP */
    uint32_t
        stack_top;     /* ESP2: where the CPU starts to push on entry from ring 3; a multiple of 16,
                             mapped and in the manager quarter */
    uint32_t argument; /* in EAX at the start */
    struct thread_placement placement;
};

/* THREAD_BLOCK comes back up to so many nanoseconds before its deadline, in a tenant that has reserved CPU
 * time. Whoever must not be early waits out the rest: then a wake-up is on time however busy the core
 * was just before, and a neighbour does not show in it. The price is paid by the sleeper's own tenant. */
#define THREAD_BLOCK_LEAD 20000u

/* One wake, by THREAD_WAKE or by an event of the core's, wakes at most so many, those that have slept longest.
 * THREAD_WAKE answers how many, so whoever wants more awake calls again. */
#define THREAD_WAKE_BATCH 16u

struct thread_times {
    uint64_t app_nanoseconds;     /* spent in ring 3 */
    uint64_t manager_nanoseconds; /* spent in ring 2 and in the core on its behalf */
};

#endif
