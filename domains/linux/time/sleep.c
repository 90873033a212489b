// SPDX-License-Identifier: MIT
/*
 * nanosleep and clock_nanosleep. An interrupted relative sleep tells the time left; if no handler
 * ran, it goes on to the same deadline by restart_syscall.
 */
#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/wall.h"

#define TIMER_ABSTIME 1u

/* 0, or -EINTR if it was interrupted before the deadline. */
static int sleep_until(uint64_t deadline) {
    struct wait_queue queue = {0, 0};
    while (clock_nanoseconds() < deadline) {
        enum wait_result result = wait_on(&queue, deadline);
        if (result == WAIT_TIMED_OUT)
            return 0;
        if (result == WAIT_INTERRUPTED)
            return clock_nanoseconds() < deadline ? -EINTR : 0;
    }
    return 0;
}

static int sleep_until_wall(uint64_t wall) {
    struct wait_queue queue = {0, 0};
    while (time_wall() < wall)
        if (wall_wait(&queue, wall) == WAIT_INTERRUPTED)
            return time_wall() < wall ? -EINTR : 0;
    return 0;
}

static int32_t go_on(struct thread *thread) {
    uint64_t now;
    if (sleep_until(thread->restart_deadline) == 0)
        return 0;
    now = clock_nanoseconds();
    if (thread->restart_remaining != 0 && thread->restart_deadline > now &&
        time_write(thread->restart_remaining, thread->restart_wide,
                   thread->restart_deadline - now) != 0)
        return -EFAULT;
    thread->restart = go_on;
    return -ERESTART_RESTARTBLOCK;
}

static int32_t sleep_for(uint64_t time, uint32_t remaining, bool wide) {
    struct thread *thread = current_thread();
    thread->restart_deadline = time_add(clock_nanoseconds(), time);
    thread->restart_remaining = remaining;
    thread->restart_wide = wide;
    return go_on(thread);
}

SYSTEM_CALL_2(nanosleep, wanted, remaining) {
    uint64_t time;
    int error = time_read(wanted, false, &time);
    return error != 0 ? error : sleep_for(time, remaining, false);
}

/* A clock that nobody can sleep by, or none at all. */
static int cannot_sleep(uint32_t clock) {
    uint64_t now;
    return clock_read(clock, &now) != 0 ? -EINVAL : -EOPNOTSUPP;
}

static int32_t clock_sleep(uint32_t clock, uint32_t flags, uint32_t wanted, uint32_t remaining,
                           bool wide) {
    uint64_t time;
    int error = time_read(wanted, wide, &time);
    if (error != 0)
        return error;
    bool real = clock == CLOCK_REALTIME || clock == CLOCK_TAI;
    if (!real && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)
        return cannot_sleep(clock);
    if (!(flags & TIMER_ABSTIME))
        return sleep_for(time, remaining, wide);
    int result = real ? sleep_until_wall(time) : sleep_until(time);
    return result == 0 ? 0 : -ERESTARTNOHAND;
}

SYSTEM_CALL_4(clock_nanosleep, clock, flags, wanted, remaining) {
    return clock_sleep(clock, flags, wanted, remaining, false);
}

SYSTEM_CALL_4(clock_nanosleep_time64, clock, flags, wanted, remaining) {
    return clock_sleep(clock, flags, wanted, remaining, true);
}

SYSTEM_CALL_0(restart_syscall) {
    struct thread *thread = current_thread();
    int32_t (*restart)(struct thread *) = thread->restart;
    thread->restart = NULL;
    return restart == NULL ? -EINTR : restart(thread);
}
