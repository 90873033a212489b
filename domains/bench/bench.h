// SPDX-License-Identifier: MIT
/*
 * What the parts of the measuring manager share.
 */
#ifndef DOMAINS_BENCH_BENCH_H
#define DOMAINS_BENCH_BENCH_H

#include <stdint.h>

/* The TSC's low half: under -icount, instructions. */
static inline uint32_t counter(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return low;
}

/* Logs one figure: ticks for each of `rounds`, which is a multiple of 10. */
void say(const char *name, uint32_t ticks, uint32_t rounds);

/* Reads the first page of the tenant's disk so many times. */
void measure_disk(uint32_t rounds);

#endif
