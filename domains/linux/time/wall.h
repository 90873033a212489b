// SPDX-License-Identifier: MIT
/*
 * The wall clock, which is the tenant's own, and waiting for a time of it: who waits for one waits for another moment when
 * the clock is set.
 */
#ifndef DOMAINS_LINUX_TIME_WALL_H
#define DOMAINS_LINUX_TIME_WALL_H

#include "domains/lib/lock.h"

#include <stdint.h>

uint64_t time_wall(void); /* nanoseconds since 1970 */
uint64_t
time_from_wall(uint64_t wall); /* since boot, as the clock stands now; 0 if it was before that */
/* Sets the clock; what waits for times of it follows. 0, -EINVAL or -EPERM. */
int wall_set(uint64_t wanted);
/* wait_on() until a time of the wall clock. Setting the clock is a spurious wake. */
enum wait_result wall_wait(struct wait_queue *queue, uint64_t wall);

#endif
