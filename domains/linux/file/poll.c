// SPDX-License-Identifier: MIT
/*
 * Waiting for files, and poll: look at every file; if none is ready, sleep on the one queue that
 * every change of readiness wakes, and look again. Between the look and the sleep the lock is not
 * released, so no change is missed.
 */
#include "domains/linux/file/poll.h"
#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/time/time.h"

#include "kernel/abi/gate.h"

/* Events that mean the same here: "normal" data is all there is. */
#define POLLRDNORM 0x40u
#define POLLWRNORM 0x100u

static uint32_t look(int32_t descriptor, uint32_t wanted) {
    struct file *file = descriptor_file((uint32_t)descriptor);
    uint32_t events = POLLIN | POLLOUT;

    if (file == NULL)
        return POLLNVAL;
    if (file->operations->poll != NULL)
        events = file->operations->poll(file);
    file_release(file);
    events |= (events & POLLIN) != 0 ? POLLRDNORM : 0;
    events |= (events & POLLOUT) != 0 ? POLLWRNORM : 0;
    return events & (wanted | POLLERR | POLLHUP | POLLNVAL);
}

static int32_t look_at_all(struct poll_entry *entries, uint32_t count) {
    int32_t ready = 0;

    for (uint32_t i = 0; i < count; i++) {
        entries[i].ready = 0;
        if (entries[i].descriptor >= 0)
            entries[i].ready = (uint16_t)look(entries[i].descriptor, entries[i].events);
        ready += entries[i].ready != 0;
    }
    return ready;
}

int32_t wait_for_ready(struct poll_entry *entries, uint32_t count, uint64_t deadline) {
    for (;;) {
        int32_t ready = look_at_all(entries, count);
        enum wait_result result;

        if (ready > 0 || (deadline != DEADLINE_NEVER && clock_nanoseconds() >= deadline))
            return ready;
        result = wait_on(&poll_queue, deadline);
        if (result == WAIT_INTERRUPTED)
            return -ERESTARTNOHAND;
        if (result == WAIT_TIMED_OUT)
            return look_at_all(entries, count);
    }
}

/* ---- Timeouts and masks ---------------------------------------------------------------------- */

int deadline_of(uint32_t user, bool wide, uint64_t *deadline) {
    uint64_t wait;
    int error = user == 0 ? 0 : time_read(user, wide, &wait);

    *deadline = user == 0 || error != 0 ? DEADLINE_NEVER : time_add(clock_nanoseconds(), wait);
    return error;
}

uint64_t time_left(uint64_t deadline) {
    uint64_t now = clock_nanoseconds();

    return deadline > now ? deadline - now : 0;
}

void put_time_left(uint32_t user, bool wide, uint64_t deadline) {
    if (user != 0 && deadline != DEADLINE_NEVER)
        (void)time_write(user, wide, time_left(deadline));
}

int mask_begin(struct temporary_mask *mask, uint32_t user, uint32_t bytes) {
    signal_set wanted;

    mask->set = user != 0;
    mask->before = current_thread()->blocked;
    if (user == 0)
        return 0;
    if (bytes != sizeof wanted)
        return -EINVAL;
    if (copy_in(&wanted, user, sizeof wanted) != 0)
        return -EFAULT;
    signals_block(wanted);
    return 0;
}

void mask_end(const struct temporary_mask *mask, int32_t result) {
    struct thread *thread = current_thread();

    if (!mask->set)
        return;
    if (result == -ERESTARTNOHAND) {
        thread->blocked_before = mask->before;
        thread->restore_blocked = true;
    } else {
        signals_block(mask->before);
    }
}

/* ---- poll ------------------------------------------------------------------------------------ */

static int32_t poll_entries(uint32_t user, uint32_t count, uint64_t deadline) {
    struct poll_entry *entries = NULL;
    int32_t result;

    if (count > FILE_TABLE_MAX || count > process_limit(RLIMIT_NOFILE))
        return -EINVAL;
    if (count > 0) {
        entries = heap_allocate(count * sizeof *entries);
        if (entries == NULL)
            return -ENOMEM;
        if (copy_in(entries, user, count * sizeof *entries) != 0) {
            heap_free(entries);
            return -EFAULT;
        }
    }
    result = wait_for_ready(entries, count, deadline);
    if (result >= 0 && count > 0 && copy_out(user, entries, count * sizeof *entries) != 0)
        result = -EFAULT;
    heap_free(entries);
    return result;
}

FILE_CALL_3(poll, user, count, milliseconds) {
    uint64_t deadline = DEADLINE_NEVER;

    if ((int32_t)milliseconds >= 0)
        deadline = clock_nanoseconds() + (uint64_t)milliseconds * 1000000u;
    return poll_entries(user, count, deadline);
}

static int32_t poll_masked(uint32_t user, uint32_t count, uint32_t timeout, uint32_t mask,
                           uint32_t mask_bytes, bool wide) {
    struct temporary_mask temporary;
    uint64_t deadline;
    int32_t result = deadline_of(timeout, wide, &deadline);

    if (result == 0)
        result = mask_begin(&temporary, mask, mask_bytes);
    if (result == 0) {
        result = poll_entries(user, count, deadline);
        put_time_left(timeout, wide, deadline);
        mask_end(&temporary, result);
    }
    return result;
}

FILE_CALL_5(ppoll, user, count, timeout, mask, mask_bytes) {
    return poll_masked(user, count, timeout, mask, mask_bytes, false);
}

FILE_CALL_5(ppoll_time64, user, count, timeout, mask, mask_bytes) {
    return poll_masked(user, count, timeout, mask, mask_bytes, true);
}
