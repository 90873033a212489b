// SPDX-License-Identifier: MIT
/*
 * Time: the TSC is the clock. The alarm is kernel/dev/timer.h.
 */
#ifndef KERNEL_DEV_CLOCK_H
#define KERNEL_DEV_CLOCK_H

#include <stdint.h>

void clock_initialise(void);       /* measures the TSC against the PIT */
uint64_t clock_now(void);          /* nanoseconds since boot */
uint64_t clock_ticks(void);        /* the TSC */
uint64_t clock_at(uint64_t ticks); /* clock_now() when the TSC stood at `ticks` */
uint64_t clock_nanoseconds(uint64_t ticks);
uint64_t clock_tsc_at_boot(void), clock_tsc_multiplier(void);
uint64_t clock_wall_at_boot(void); /* seconds since 1970, from the CMOS clock */

#endif
