// SPDX-License-Identifier: MIT
/*
 * Of times in nanoseconds since boot, the earlier one: when a CPU is to look again at something. Pure logic.
 */
#ifndef KERNEL_SCHED_DEADLINE_H
#define KERNEL_SCHED_DEADLINE_H

#include <stdint.h>

static inline uint64_t earlier(uint64_t one, uint64_t other) {
    return one < other ? one : other;
}

#endif
