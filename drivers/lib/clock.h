// SPDX-License-Identifier: MIT
/* Time, in nanoseconds since boot, from the TSC and the scale in the information page. */
#ifndef DRIVERS_LIB_CLOCK_H
#define DRIVERS_LIB_CLOCK_H

#include <stdint.h>

#define MICROSECONDS(n) ((uint64_t)(n)*1000u)
#define MILLISECONDS(n) ((uint64_t)(n)*1000000u)
#define SECONDS(n)      ((uint64_t)(n)*1000000000u)

uint64_t clock_now(void);

#endif
