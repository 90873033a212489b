// SPDX-License-Identifier: MIT
/*
 * The pace of a device that was described with a latency: requests that are of no reservation go no sooner than it would be
 * done with those before them, less that latency. A disk may let bursts go at once, as those do that are sold by requests a
 * second, and so may a card whose wire is somebody else's limit: their credit is for whoever has a reservation. All times are
 * on one clock: the device's, which stands still while it is down; for a card, whose limits' clock runs on, the core's.
 */
#ifndef KERNEL_IO_PACE_H
#define KERNEL_IO_PACE_H

#include "kernel/io/binding.h"

/* Until when a request of that cost waits; 0: it does not. */
uint64_t pace_until(const struct io_device *device, uint32_t cost, uint64_t now);
void pace_charge(struct io_device *device, uint32_t cost, uint64_t now); /* one goes */

#endif
