// SPDX-License-Identifier: MIT
/*
 * The clocks, and the calls that read and set them.
 *
 * A negative id is a clock of CPU time, as clock_getcpuclockid(3) and pthread_getcpuclockid(3) make it:
 *
 *    31                           3   2        0
 *   ┌──────────────────────────────┬───┬────────┐
 *   │ ~id of the process or thread │ T │ which  │    T: a thread's; 0 as an id: the caller's own
 *   └──────────────────────────────┴───┴────────┘
 */
#include "domains/lib/clock.h"
#include "domains/lib/lock.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/usage.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/wall.h"

#define OF_THREAD 4u

enum { WHICH_BOTH, WHICH_APP, WHICH_SCHEDULED, WHICH_MASK }; /* CPUCLOCK_* */

static uint64_t sum(struct cpu_times times) {
    return times.app + times.manager;
}

/* Any process's time may be read, of threads the own process's. */
static int find_times(uint32_t clock, struct cpu_times *times) {
    int32_t id = ~((int32_t)clock >> 3);
    if (clock & OF_THREAD) {
        const struct thread *thread = id == 0 ? current_thread() : thread_find(id);
        if (thread == NULL || thread->process != current_process())
            return -EINVAL;
        *times = thread_cpu_times(thread);
        return 0;
    }
    const struct process *process = id == 0 ? current_process() : process_find(id);
    if (process == NULL)
        return -EINVAL;
    *times = process_cpu_times(process);
    return 0;
}

static int read_cpu_clock(uint32_t clock, uint64_t *nanoseconds) {
    struct cpu_times times;
    uint32_t which = clock & WHICH_MASK;
    if (which == WHICH_MASK || find_times(clock, &times) != 0)
        return -EINVAL;
    *nanoseconds = which == WHICH_APP ? times.app : sum(times);
    return 0;
}

static bool counts_from_boot(uint32_t clock) {
    return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
           clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME ||
           clock == CLOCK_BOOTTIME_ALARM;
}

int clock_read(uint32_t clock, uint64_t *nanoseconds) {
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
        *nanoseconds = sum(process_cpu_times(current_process()));
        return 0;
    case CLOCK_THREAD_CPUTIME_ID:
        *nanoseconds = sum(thread_cpu_times(current_thread()));
        return 0;
    default:
        return (int32_t)clock < 0 ? read_cpu_clock(clock, nanoseconds) : -EINVAL;
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

static int32_t set_clock(uint32_t clock, uint32_t wanted, bool wide) {
    uint64_t time;
    int error = time_read(wanted, wide, &time);
    if (clock != CLOCK_REALTIME)
        return -EINVAL;
    return error != 0 ? error : wall_set(time);
}

SYSTEM_CALL_2(clock_settime, clock, wanted) {
    return set_clock(clock, wanted, false);
}

SYSTEM_CALL_2(clock_settime64, clock, wanted) {
    return set_clock(clock, wanted, true);
}
