// SPDX-License-Identifier: MIT
/*
 * See wall.h.
 */
#include "domains/linux/time/wall.h"

#include "domains/lib/clock.h"
#include "domains/lib/information.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/timer.h"
#include "domains/linux/time/timer_file.h"

#include <stddef.h>

/* A thread in wall_wait(). */
struct wall_sleeper {
    struct wall_sleeper *next;
    struct wait_queue *queue;
};

static struct wall_sleeper *sleepers;
static int64_t adjustment; /* by those who set the clock */

static int64_t wall_offset(void) {
    return (int64_t)(information()->wall_clock_at_boot * NANOSECONDS) + adjustment;
}

uint64_t time_wall(void) {
    return clock_nanoseconds() + (uint64_t)wall_offset();
}

uint64_t time_from_wall(uint64_t wall) {
    int64_t offset = wall_offset();
    if (wall > INT64_MAX)
        return TIME_LONGEST;
    return (int64_t)wall > offset ? wall - (uint64_t)offset : 0;
}

void wall_set(uint64_t wanted) {
    int64_t step = (int64_t)(wanted - time_wall());
    adjustment += step;
    timer_files_follow(step);
    timers_follow(step);
    for (const struct wall_sleeper *sleeper = sleepers; sleeper != NULL; sleeper = sleeper->next)
        wait_wake(sleeper->queue);
}

enum wait_result wall_wait(struct wait_queue *queue, uint64_t wall) {
    struct wall_sleeper self = {sleepers, queue}, **link = &sleepers;
    sleepers = &self;
    enum wait_result result = wait_on(queue, time_from_wall(wall));
    while (*link != &self)
        link = &(*link)->next;
    *link = self.next;
    /* The clock may have been set back at the last moment. */
    return result == WAIT_TIMED_OUT && time_wall() < wall ? WAIT_WOKEN : result;
}
