// SPDX-License-Identifier: MIT
/*
 * 64-bit arithmetic for times on a 32-bit machine, from 32 x 32 multiplications and 64 / 32
 * divisions.
 */
#include "domains/lib/clock.h"

#include <stddef.h>

uint64_t clock_scale(uint64_t ticks, uint64_t multiplier) {
    uint32_t ticks_low = (uint32_t)ticks, ticks_high = (uint32_t)(ticks >> 32);
    uint32_t low = (uint32_t)multiplier, high = (uint32_t)(multiplier >> 32);
    uint64_t scaled = ((uint64_t)ticks_low * low >> 32) + (uint64_t)ticks_high * low;
    return high == 0 ? scaled : scaled + ticks * high; /* of a TSC below 1 GHz */
}

/* Long division in base 2^32: the high word first, its remainder on top of the low one. */
uint64_t divide_u64(uint64_t value, uint32_t divisor, uint32_t *rest) {
    uint32_t high = (uint32_t)(value >> 32), low = (uint32_t)value;
    uint32_t quotient_high = high / divisor, quotient_low, remainder;
    __asm__("divl %4"
            : "=a"(quotient_low), "=d"(remainder)
            : "0"(low), "1"(high % divisor), "rm"(divisor)
            : "cc");
    if (rest != NULL)
        *rest = remainder;
    return (uint64_t)quotient_high << 32 | quotient_low;
}
