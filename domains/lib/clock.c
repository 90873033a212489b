// SPDX-License-Identifier: MIT
/*
 * The clock of this manager: two reads and a multiplication.
 */
#include "domains/lib/clock.h"

#include "domains/lib/information.h"

static inline uint64_t timestamp_counter(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

uint64_t clock_nanoseconds(void) {
    const volatile struct tenant_information *page = information();
    return clock_scale(timestamp_counter() - page->tsc_at_boot, page->tsc_multiplier);
}
