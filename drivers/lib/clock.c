// SPDX-License-Identifier: MIT
/*
 * nanoseconds = (TSC - tsc_at_boot) * tsc_multiplier >> 32. The product has more than 64 bits, so
 * it is put together from the two halves of the tick count.
 */
#include "drivers/lib/clock.h"

#include "drivers/lib/information.h"

uint64_t clock_now(void) {
    const volatile struct driver_information *information = driver_information();
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    uint64_t ticks = ((uint64_t)high << 32 | low) - information->tsc_at_boot;
    uint64_t multiplier = information->tsc_multiplier;
    return (ticks >> 32) * multiplier + ((ticks & 0xFFFFFFFFu) * (multiplier & 0xFFFFFFFFu) >> 32) +
           (ticks & 0xFFFFFFFFu) * (multiplier >> 32);
}
