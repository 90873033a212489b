// SPDX-License-Identifier: MIT
/*
 * See wall.h. Here, too, are the calls that know no other clock.
 */
#include "domains/linux/time/wall.h"

#include "domains/lib/clock.h"
#include "domains/lib/information.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/memory/vdso.h"
#include "domains/linux/process/process.h"
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

int wall_set(uint64_t wanted) {
    if (wanted == TIME_LONGEST)
        return -EINVAL;
    if (current_process()->euid != 0)
        return -EPERM;
    int64_t step = (int64_t)(wanted - time_wall());
    adjustment += step;
    vdso_set_wall((uint64_t)wall_offset());
    timer_files_follow(step);
    timers_follow(step);
    for (const struct wall_sleeper *sleeper = sleepers; sleeper != NULL; sleeper = sleeper->next)
        wait_wake(sleeper->queue);
    return 0;
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

/* ---- Calls ----------------------------------------------------------------------------------- */

SYSTEM_CALL_2(gettimeofday, result, zone) {
    static const int32_t greenwich[2] = {0, 0};
    if (result != 0 && time_write_microseconds(result, time_wall()) != 0)
        return -EFAULT;
    return zone != 0 ? copy_out(zone, greenwich, sizeof(greenwich)) : 0;
}

SYSTEM_CALL_2(settimeofday, wanted, zone) {
    uint64_t time;
    (void)zone;
    if (wanted == 0)
        return 0;
    int error = time_read_microseconds(wanted, &time);
    return error != 0 ? error : wall_set(time);
}

SYSTEM_CALL_1(time, result) {
    const int32_t seconds = (int32_t)divide_u64(time_wall(), (uint32_t)NANOSECONDS, NULL);
    if (result != 0 && copy_out(result, &seconds, sizeof(seconds)) != 0)
        return -EFAULT;
    return seconds;
}

SYSTEM_CALL_1(stime, wanted) {
    int32_t seconds;
    if (copy_in(&seconds, wanted, sizeof(seconds)) != 0)
        return -EFAULT;
    return seconds < 0 ? -EINVAL : wall_set((uint64_t)seconds * NANOSECONDS);
}
