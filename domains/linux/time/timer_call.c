// SPDX-License-Identifier: MIT
/*
 * setitimer, getitimer, alarm, and the family of timer_create.
 */
#include "domains/lib/clock.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/signal/signal.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/timer_state.h"

enum { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF, ITIMER_COUNT };
enum { SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID = 4 };

#define TIMER_ABSTIME    1u
#define TIMERS_MOST      64
#define TIMEVAL_BYTES    8u
#define TIMESPEC_BYTES   8u
#define TIMESPEC64_BYTES 16u

static uint64_t time_left(const struct timer *timer) {
    if (timer == NULL || !timer->is_armed)
        return 0;
    uint64_t now = timer_clock_now(timer);
    return timer->deadline > now ? timer->deadline - now : 1;
}

/* ---- setitimer ------------------------------------------------------------------------------- */

static int32_t interval_id(uint32_t which) {
    return -1 - (int32_t)which;
}

static struct timer *interval_timer(uint32_t which) {
    static const enum timer_kind kinds[ITIMER_COUNT] = {TIMER_BOOT, TIMER_APP_TIME, TIMER_CPU_TIME};
    static const int signals[ITIMER_COUNT] = {SIGALRM, SIGVTALRM, SIGPROF};
    struct process *process = current_process();
    struct timer *timer = timer_find(process, interval_id(which));
    if (timer == NULL)
        timer = timer_make(process, interval_id(which), kinds[which]);
    if (timer != NULL)
        timer->signal = signals[which];
    return timer;
}

static int32_t show_interval(uint32_t which, uint32_t result) {
    const struct timer *timer = timer_find(current_process(), interval_id(which));
    uint64_t interval = timer != NULL && timer->is_armed ? timer->interval : 0;
    uint64_t left = time_left(timer);
    if (time_write_microseconds(result, interval) != 0)
        return -EFAULT;
    return time_write_microseconds(result + TIMEVAL_BYTES, left);
}

static int set_interval(uint32_t which, uint64_t value, uint64_t interval) {
    struct timer *timer = timer_find(current_process(), interval_id(which));
    if (value == 0) {
        if (timer != NULL)
            timer_disarm(timer);
        return 0;
    }
    timer = interval_timer(which);
    if (timer == NULL)
        return -ENOMEM;
    timer_arm(timer, time_add(timer_clock_now(timer), value), interval);
    return 0;
}

SYSTEM_CALL_2(getitimer, which, result) {
    return which >= ITIMER_COUNT ? -EINVAL : show_interval(which, result);
}

SYSTEM_CALL_3(setitimer, which, wanted, old) {
    uint64_t interval = 0, value = 0;
    int error = 0;
    if (which >= ITIMER_COUNT)
        return -EINVAL;
    if (wanted != 0)
        error = time_read_microseconds(wanted, &interval);
    if (wanted != 0 && error == 0)
        error = time_read_microseconds(wanted + TIMEVAL_BYTES, &value);
    if (error == 0 && old != 0)
        error = show_interval(which, old);
    return error != 0 ? error : set_interval(which, value, interval);
}

SYSTEM_CALL_1(alarm, seconds) {
    const struct timer *timer = timer_find(current_process(), interval_id(ITIMER_REAL));
    uint64_t left = time_left(timer) + NANOSECONDS - 1;
    int32_t before = (int32_t)divide_u64(left, (uint32_t)NANOSECONDS, NULL);
    set_interval(ITIMER_REAL, seconds * NANOSECONDS, 0);
    return before;
}

/* ---- timer_create ---------------------------------------------------------------------------- */

struct app_event {
    uint32_t value;
    int32_t signal, notify, tid;
};

static int kind_of_clock(uint32_t clock, enum timer_kind *kind) {
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_TAI:
        *kind = TIMER_WALL;
        return 0;
    case CLOCK_MONOTONIC:
    case CLOCK_BOOTTIME:
        *kind = TIMER_BOOT;
        return 0;
    case CLOCK_PROCESS_CPUTIME_ID:
        *kind = TIMER_CPU_TIME;
        return 0;
    default:
        return -EINVAL;
    }
}

static int check_event(const struct app_event *event) {
    if (event->notify != SIGEV_NONE && (event->signal < 1 || event->signal > SIGNAL_COUNT))
        return -EINVAL;
    switch (event->notify) {
    case SIGEV_SIGNAL:
    case SIGEV_NONE:
    case SIGEV_THREAD:
        return 0;
    case SIGEV_THREAD_ID: {
        const struct thread *thread = thread_find(event->tid);
        return thread != NULL && thread->process == current_process() ? 0 : -EINVAL;
    }
    default:
        return -EINVAL;
    }
}

static int32_t free_id(struct process *process) {
    int32_t id = 0;
    while (id < TIMERS_MOST && timer_find(process, id) != NULL)
        id++;
    return id < TIMERS_MOST ? id : -EAGAIN;
}

SYSTEM_CALL_3(timer_create, clock, user_event, result) {
    struct app_event event = {0, SIGALRM, SIGEV_SIGNAL, 0};
    enum timer_kind kind;
    if (kind_of_clock(clock, &kind) != 0)
        return -EINVAL;
    if (user_event != 0 && copy_in(&event, user_event, sizeof(event)) != 0)
        return -EFAULT;
    if (check_event(&event) != 0)
        return -EINVAL;
    int32_t id = free_id(current_process());
    if (id < 0)
        return id;
    struct timer *timer = timer_make(current_process(), id, kind);
    if (timer == NULL)
        return -EAGAIN;
    timer->is_wall = kind == TIMER_WALL;
    timer->signal = event.notify == SIGEV_NONE ? 0 : event.signal;
    timer->tid = event.notify == SIGEV_THREAD_ID ? event.tid : 0;
    timer->value = user_event != 0 ? event.value : (uint32_t)id;
    if (copy_out(result, &id, sizeof(id)) == 0)
        return 0;
    timer = timer_find(current_process(), id);
    if (timer != NULL)
        timer_free(timer);
    return -EFAULT;
}

static struct timer *find(uint32_t id) {
    return (int32_t)id < 0 ? NULL : timer_find(current_process(), (int32_t)id);
}

static int32_t show_timer(uint32_t id, uint32_t result, bool wide) {
    const struct timer *timer = find(id);
    if (timer == NULL)
        return -EINVAL;
    uint64_t interval = timer->interval, left = time_left(timer);
    if (time_write(result, wide, interval) != 0)
        return -EFAULT;
    return time_write(result + (wide ? TIMESPEC64_BYTES : TIMESPEC_BYTES), wide, left);
}

/* A time from now on stays one, whatever the wall clock is set to. */
static void arm(struct timer *timer, bool is_absolute, uint64_t value, uint64_t interval) {
    if (timer->is_wall) {
        timer_disarm(timer);
        timer->kind = is_absolute ? TIMER_WALL : TIMER_BOOT;
    }
    timer_arm(timer, is_absolute ? value : time_add(timer_clock_now(timer), value), interval);
}

static int32_t set_timer(uint32_t id, uint32_t flags, uint32_t wanted, uint32_t old, bool wide) {
    uint64_t interval, value;
    if (find(id) == NULL)
        return -EINVAL;
    int error = time_read(wanted, wide, &interval);
    if (error == 0)
        error = time_read(wanted + (wide ? TIMESPEC64_BYTES : TIMESPEC_BYTES), wide, &value);
    if (error == 0 && old != 0)
        error = show_timer(id, old, wide);
    if (error != 0)
        return error;
    struct timer *timer = find(id);
    if (timer == NULL)
        return -EINVAL;
    if (value == 0)
        timer_disarm(timer);
    else
        arm(timer, flags & TIMER_ABSTIME, value, interval);
    return 0;
}

SYSTEM_CALL_4(timer_settime, id, flags, wanted, old) {
    return set_timer(id, flags, wanted, old, false);
}

SYSTEM_CALL_4(timer_settime64, id, flags, wanted, old) {
    return set_timer(id, flags, wanted, old, true);
}

SYSTEM_CALL_2(timer_gettime, id, result) {
    return show_timer(id, result, false);
}

SYSTEM_CALL_2(timer_gettime64, id, result) {
    return show_timer(id, result, true);
}

SYSTEM_CALL_1(timer_getoverrun, id) {
    const struct timer *timer = find(id);
    return timer == NULL ? -EINVAL : (int32_t)timer->overrun;
}

SYSTEM_CALL_1(timer_delete, id) {
    struct timer *timer = find(id);
    if (timer == NULL)
        return -EINVAL;
    timer_free(timer);
    return 0;
}
