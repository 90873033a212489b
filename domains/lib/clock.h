// SPDX-License-Identifier: MIT
/*
 * Time without a gate: the TSC, scaled as the information page says.
 */
#ifndef DOMAINS_LIB_CLOCK_H
#define DOMAINS_LIB_CLOCK_H

#include <stdint.h>

#define NANOSECONDS 1000000000ull /* in a second */

uint64_t clock_nanoseconds(void); /* since boot, never backwards on one CPU */

/* ticks * multiplier >> 32, without losing the carries between the halves. */
uint64_t clock_scale(uint64_t ticks, uint64_t multiplier);

/* value / divisor, remainder to *rest (may be NULL). For times; no library division needed. */
uint64_t divide_u64(uint64_t value, uint32_t divisor, uint32_t *rest);

#endif
