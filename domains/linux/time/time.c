// SPDX-License-Identifier: MIT
/*
 * Conversions, and the calls that read and set clocks.
 */
#include "domains/linux/time/time.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/lock.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/usage.h"
#include "domains/linux/time/wall.h"

#define MICROSECONDS 1000000u
#define SECONDS_MOST 0x200000000ull /* more than that is for ever */

struct time_32 {
    int32_t seconds, fraction;
};
struct time_64 {
    int64_t seconds;
    int32_t fraction, unused;
};

static int combine(int64_t seconds, uint32_t fraction, uint32_t per_second, uint64_t *nanoseconds) {
    if (seconds < 0 || fraction >= per_second)
        return -EINVAL;
    uint32_t scale = per_second == MICROSECONDS ? 1000 : 1;
    *nanoseconds = (uint64_t)seconds >= SECONDS_MOST
                       ? TIME_LONGEST
                       : (uint64_t)seconds * NANOSECONDS + (uint64_t)fraction * scale;
    return 0;
}

int time_read(uint32_t address, bool wide, uint64_t *nanoseconds) {
    struct time_64 time = {0, 0, 0};
    struct time_32 narrow;
    if (wide ? copy_in(&time, address, sizeof(time)) != 0
             : copy_in(&narrow, address, sizeof(narrow)) != 0)
        return -EFAULT;
    if (!wide)
        time = (struct time_64){narrow.seconds, narrow.fraction, 0};
    return combine(time.seconds, (uint32_t)time.fraction, (uint32_t)NANOSECONDS, nanoseconds);
}

int time_write(uint32_t address, bool wide, uint64_t nanoseconds) {
    uint32_t rest;
    uint64_t seconds = divide_u64(nanoseconds, (uint32_t)NANOSECONDS, &rest);
    const struct time_64 time = {(int64_t)seconds, (int32_t)rest, 0};
    const struct time_32 narrow = {(int32_t)seconds, (int32_t)rest};
    return wide ? copy_out(address, &time, sizeof(time))
                : copy_out(address, &narrow, sizeof(narrow));
}

int time_read_microseconds(uint32_t address, uint64_t *nanoseconds) {
    struct time_32 time;
    if (copy_in(&time, address, sizeof(time)) != 0)
        return -EFAULT;
    return combine(time.seconds, (uint32_t)time.fraction, MICROSECONDS, nanoseconds);
}

int time_write_microseconds(uint32_t address, uint64_t nanoseconds) {
    uint32_t rest;
    uint64_t seconds = divide_u64(nanoseconds, (uint32_t)NANOSECONDS, &rest);
    const struct time_32 time = {(int32_t)seconds, (int32_t)(rest / 1000)};
    return copy_out(address, &time, sizeof(time));
}

uint64_t time_add(uint64_t left, uint64_t right) {
    return left > TIME_LONGEST - right ? TIME_LONGEST : left + right;
}

static bool counts_from_boot(uint32_t clock) {
    return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
           clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME ||
           clock == CLOCK_BOOTTIME_ALARM;
}

int clock_read(uint32_t clock, uint64_t *nanoseconds) {
    struct cpu_times times;
    if (counts_from_boot(clock)) {
        *nanoseconds = clock_nanoseconds();
        return 0;
    }
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_TAI:
        *nanoseconds = time_wall();
        return 0;
    case CLOCK_PROCESS_CPUTIME_ID:
        times = process_cpu_times(current_process());
        *nanoseconds = times.app + times.manager;
        return 0;
    case CLOCK_THREAD_CPUTIME_ID:
        times = thread_cpu_times(current_thread());
        *nanoseconds = times.app + times.manager;
        return 0;
    default:
        return -EINVAL;
    }
}

/* ---- Calls ----------------------------------------------------------------------------------- */

/* FAST: the clock that is asked for most needs no lock, so the others take it here. */
static int32_t show_clock(uint32_t clock, uint32_t result, bool wide) {
    uint64_t now;
    if (counts_from_boot(clock))
        return time_write(result, wide, clock_nanoseconds());
    manager_lock();
    int error = clock_read(clock, &now);
    manager_unlock();
    return error != 0 ? error : time_write(result, wide, now);
}

SYSTEM_CALL_2(clock_gettime, clock, result) {
    return show_clock(clock, result, false);
}

SYSTEM_CALL_2(clock_gettime64, clock, result) {
    return show_clock(clock, result, true);
}

static int32_t show_resolution(uint32_t clock, uint32_t result, bool wide) {
    uint64_t now;
    if (clock_read(clock, &now) != 0)
        return -EINVAL;
    return result != 0 ? time_write(result, wide, 1) : 0;
}

SYSTEM_CALL_2(clock_getres, clock, result) {
    return show_resolution(clock, result, false);
}

SYSTEM_CALL_2(clock_getres_time64, clock, result) {
    return show_resolution(clock, result, true);
}

static int32_t set_wall(uint64_t wanted) {
    if (wanted == TIME_LONGEST)
        return -EINVAL;
    if (current_process()->euid != 0)
        return -EPERM;
    wall_set(wanted);
    return 0;
}

static int32_t set_clock(uint32_t clock, uint32_t wanted, bool wide) {
    uint64_t time;
    int error = time_read(wanted, wide, &time);
    if (clock != CLOCK_REALTIME)
        return -EINVAL;
    return error != 0 ? error : set_wall(time);
}

SYSTEM_CALL_2(clock_settime, clock, wanted) {
    return set_clock(clock, wanted, false);
}

SYSTEM_CALL_2(clock_settime64, clock, wanted) {
    return set_clock(clock, wanted, true);
}

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
    return error != 0 ? error : set_wall(time);
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
    return seconds < 0 ? -EINVAL : set_wall((uint64_t)seconds * NANOSECONDS);
}
