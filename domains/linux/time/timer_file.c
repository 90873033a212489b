// SPDX-License-Identifier: MIT
/*
 * timerfd_create(2): a timer as a file. Reading takes the number of times that it has expired since it was read or set, and waits
 * for the first. Nothing runs at an expiry but the wake of those who wait or poll: the count is worked out when it is asked for.
 *
 *   disarmed ──settime──> armed: `deadline` is the next expiry that was not counted ──read──> the first one behind now
 *                                                                                   └──no interval──> disarmed
 *
 * An absolute time of the wall clock stays one, and so goes with the clock when that is set. What had expired by then, has.
 */
#include "domains/linux/time/timer_file.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/linux/device/event.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/wall.h"

#define ABSOLUTE             1u /* TFD_TIMER_* */
#define CANCEL_ON_SET        2u
#define TIMESPEC_BYTES(wide) ((wide) ? 16u : 8u)

struct timer_file {
    struct timer_file *next;     /* of all */
    bool is_wall;                /* its absolute times are the wall clock's */
    bool follows;                /* `deadline` is one of these; else it is since boot */
    uint64_t deadline, interval; /* DEADLINE_NEVER: disarmed. Interval 0: once */
    uint64_t counted;            /* expiries before the clock was set */
    bool cancels, is_cancelled;  /* TFD_TIMER_CANCEL_ON_SET; and it was set */
    bool is_told;                /* those who wait have been woken for this deadline */
    struct wait_queue changed;
};

static struct timer_file *all;

/* ---- Expiry ---- */

static uint64_t divide(uint64_t dividend, uint64_t divisor) {
    uint64_t quotient = 0;
    int bit = 0;
    while (bit < 63 && divisor << (bit + 1) >> (bit + 1) == divisor &&
           divisor << (bit + 1) <= dividend)
        bit++;
    for (; bit >= 0; bit--) {
        if (divisor << bit > dividend)
            continue;
        dividend -= divisor << bit;
        quotient |= 1ull << bit;
    }
    return quotient;
}

static uint64_t clock_of(const struct timer_file *timer) {
    return timer->follows ? time_wall() : clock_nanoseconds();
}

/* The deadline since boot. */
static uint64_t wake_time(const struct timer_file *timer) {
    bool is_of_wall = timer->follows && timer->deadline != DEADLINE_NEVER;
    return is_of_wall ? time_from_wall(timer->deadline) : timer->deadline;
}

static uint64_t expirations(const struct timer_file *timer, uint64_t now) {
    if (now < timer->deadline || timer->deadline == DEADLINE_NEVER)
        return 0;
    return timer->interval != 0 ? divide(now - timer->deadline, timer->interval) + 1 : 1;
}

/* The deadline behind so many expiries. */
static uint64_t deadline_after(const struct timer_file *timer, uint64_t count) {
    if (count == 0)
        return timer->deadline;
    if (timer->interval == 0)
        return DEADLINE_NEVER;
    return time_add(timer->deadline + (count - 1) * timer->interval, timer->interval);
}

static void look(void *unused) {
    uint64_t now = clock_nanoseconds();
    (void)unused;
    for (struct timer_file *timer = all; timer != NULL; timer = timer->next) {
        uint64_t deadline = wake_time(timer);
        if (timer->is_told || deadline == DEADLINE_NEVER)
            continue;
        if (now < deadline) {
            event_wanted_by(deadline);
            continue;
        }
        timer->is_told = true;
        poll_wake(&timer->changed);
    }
}

static void set_deadline(struct timer_file *timer, uint64_t deadline) {
    timer->deadline = deadline;
    timer->is_told = false;
    if (deadline != DEADLINE_NEVER)
        event_wanted_by(wake_time(timer));
}

static void count_until(struct timer_file *timer, uint64_t now) {
    uint64_t count = expirations(timer, now);
    if (count == 0)
        return;
    timer->counted += count;
    set_deadline(timer, deadline_after(timer, count));
}

static uint64_t take_expirations(struct timer_file *timer) {
    count_until(timer, clock_of(timer));
    uint64_t count = timer->counted;
    timer->counted = 0;
    return count;
}

/* Told once. What has expired does not count any more, nor does it begin again. */
static bool take_cancellation(struct timer_file *timer) {
    bool is_cancelled = timer->is_cancelled;
    timer->is_cancelled = false;
    if (is_cancelled && take_expirations(timer) > 0)
        set_deadline(timer, DEADLINE_NEVER);
    return is_cancelled;
}

void timer_files_follow(int64_t step) {
    for (struct timer_file *timer = all; timer != NULL; timer = timer->next) {
        if (!timer->follows)
            continue;
        count_until(timer, time_wall() - (uint64_t)step);
        set_deadline(timer, timer->deadline);
        timer->is_cancelled |= timer->cancels;
        poll_wake(&timer->changed); /* who waits, waits for another time now */
    }
}

/* ---- The file ---- */

static int timer_read(struct file *file, struct transfer *to, uint64_t *offset) {
    struct timer_file *timer = file->private;
    uint64_t count;
    int error;
    (void)offset;
    if (to->total < sizeof count)
        return -EINVAL;
    for (;;) {
        if (take_cancellation(timer))
            return -ECANCELED;
        count = take_expirations(timer);
        if (count != 0)
            break;
        error = file_await(file, &timer->changed, wake_time(timer));
        if (error != 0)
            return error;
    }
    return transfer_put(to, &count, sizeof count) == sizeof count ? (int)sizeof count : -EFAULT;
}

static uint32_t timer_poll(struct file *file) {
    const struct timer_file *timer = file->private;
    bool has_expired = timer->counted != 0 || expirations(timer, clock_of(timer)) != 0;
    return has_expired || timer->is_cancelled ? POLLIN : 0u;
}

static uint32_t timer_changes(struct file *file) {
    const struct timer_file *timer = file->private;
    return timer->changed.sequence;
}

static void timer_release(struct file *file) {
    struct timer_file **link = &all;
    while (*link != file->private)
        link = &(*link)->next;
    *link = (*link)->next;
    heap_free(file->private);
}

static const struct file_operations operations = {
    .read = timer_read, .poll = timer_poll, .changes = timer_changes, .release = timer_release};

/* ---- The calls ---- */

static struct file *make_file(bool is_wall, uint32_t flags) {
    static struct event_watcher watcher;
    struct timer_file *timer = heap_allocate(sizeof *timer);
    if (timer == NULL)
        return NULL;
    *timer = (struct timer_file){.next = all, .is_wall = is_wall, .deadline = DEADLINE_NEVER};
    struct file *file =
        file_make_anonymous("anon_inode", 0600, O_RDWR | (flags & O_NONBLOCK), &operations, timer);
    if (file == NULL) {
        heap_free(timer);
        return NULL;
    }
    all = timer;
    if (watcher.changed == NULL) {
        watcher.changed = look;
        event_watch(&watcher);
    }
    return file;
}

SYSTEM_CALL_2(timerfd_create, clock, flags) {
    bool is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_ALARM;
    if ((flags & ~(uint32_t)(O_NONBLOCK | O_CLOEXEC)) != 0 ||
        (!is_wall && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME &&
         clock != CLOCK_BOOTTIME_ALARM))
        return -EINVAL;
    struct file *file = make_file(is_wall, flags);
    return file == NULL ? -ENOMEM : install_or_release(file, flags);
}

/* Held; NULL: *error says why. */
static struct file *take(uint32_t descriptor, int *error) {
    struct file *file = descriptor_file(descriptor);
    *error = file == NULL ? -EBADF : file->operations != &operations ? -EINVAL : 0;
    if (*error == 0 || file == NULL)
        return file;
    file_release(file);
    return NULL;
}

/* struct itimerspec: the interval, then the time to the next expiry; 0: disarmed. */
static int write_state(const struct timer_file *timer, uint32_t address, bool wide) {
    uint64_t now = clock_of(timer), interval = timer->interval;
    uint64_t next =
        interval != 0 ? deadline_after(timer, expirations(timer, now)) : timer->deadline;
    uint64_t left = next != DEADLINE_NEVER && next > now ? next - now : 0;
    if (time_write(address, wide, interval) != 0)
        return -EFAULT;
    return time_write(address + TIMESPEC_BYTES(wide), wide, left);
}

static int32_t get(uint32_t descriptor, uint32_t address, bool wide) {
    int error;
    struct file *file = take(descriptor, &error);
    if (file == NULL)
        return error;
    error = write_state(file->private, address, wide);
    file_release(file);
    return error;
}

static void arm(struct timer_file *timer, uint32_t flags, uint64_t value, uint64_t interval) {
    bool is_absolute = (flags & ABSOLUTE) != 0;
    timer->follows = timer->is_wall && is_absolute;
    timer->cancels = timer->follows && (flags & CANCEL_ON_SET) != 0;
    timer->is_cancelled &= timer->cancels;
    timer->interval = interval;
    timer->counted = 0;
    if (value == 0)
        value = DEADLINE_NEVER;
    else if (!is_absolute)
        value = time_add(clock_nanoseconds(), value);
    set_deadline(timer, value);
    poll_wake(&timer->changed); /* who waits, waits for another time now */
}

static int set(struct timer_file *timer, uint32_t flags, uint32_t address, uint32_t before,
               bool wide) {
    uint64_t interval, value;
    int error = time_read(address, wide, &interval);
    if (error == 0)
        error = time_read(address + TIMESPEC_BYTES(wide), wide, &value);
    if (error == 0 && before != 0)
        error = write_state(timer, before, wide);
    if (error != 0)
        return error;
    arm(timer, flags, value, interval);
    if (value == 0 || !timer->is_cancelled)
        return 0;
    timer->is_cancelled = false; /* told by this, and armed all the same */
    return -ECANCELED;
}

static int32_t set_file(uint32_t descriptor, uint32_t flags, uint32_t address, uint32_t before,
                        bool wide) {
    int error;
    if ((flags & ~(ABSOLUTE | CANCEL_ON_SET)) != 0)
        return -EINVAL;
    struct file *file = take(descriptor, &error);
    if (file == NULL)
        return error;
    error = set(file->private, flags, address, before, wide);
    file_release(file);
    return error;
}

SYSTEM_CALL_4(timerfd_settime, descriptor, flags, address, before) {
    return set_file(descriptor, flags, address, before, false);
}

SYSTEM_CALL_4(timerfd_settime64, descriptor, flags, address, before) {
    return set_file(descriptor, flags, address, before, true);
}

SYSTEM_CALL_2(timerfd_gettime, descriptor, address) {
    return get(descriptor, address, false);
}

SYSTEM_CALL_2(timerfd_gettime64, descriptor, address) {
    return get(descriptor, address, true);
}
