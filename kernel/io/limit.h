// SPDX-License-Identifier: MIT
/*
 * A tenant's ceiling at one device: operations and bytes per second. Pure logic; time in
 * nanoseconds on the device's own clock, which stands still while its driver is down.
 *
 * Each of the two is a token bucket, kept as one number: the time at which the bucket will be full
 * again (the "generic cell rate algorithm" of ATM, ITU-T I.371). A request may go while that time
 * lies less than the burst ahead, and moves it by its own cost. So in any stretch of T seconds at
 * most rate * (T + burst) goes through, and one request more.
 */
#ifndef KERNEL_IO_LIMIT_H
#define KERNEL_IO_LIMIT_H

#include <stdint.h>

struct limit {
    uint64_t operations_per_second, bytes_per_second; /* 0: none */
    uint64_t operation_time;                          /* nanoseconds each; 0: no limit */
    uint64_t burst;                                   /* nanoseconds of either rate */
    uint64_t operations_full_at, bytes_full_at;
};

/* Sets new rates. What was used up under the old ones counts as one empty bucket at most. */
void limit_set(struct limit *limit, uint64_t now, uint64_t operations_per_second,
               uint64_t bytes_per_second, uint64_t burst);
/* The earliest time at which a request may go; not after `now`: at once. */
uint64_t limit_ready_at(const struct limit *limit);
/* One request of `bytes` goes at `now`. */
void limit_charge(struct limit *limit, uint64_t now, uint32_t bytes);

#endif
