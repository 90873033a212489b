// SPDX-License-Identifier: MIT
/*
 * select: three bit sets become a list for poll, and back.
 */
#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/poll.h"
#include "domains/linux/time/time.h"

#include "kernel/abi/gate.h"

#define SELECT_MAX 1024u
#define SET_BYTES  (SELECT_MAX / 8)

enum { SET_READ, SET_WRITE, SET_EXCEPTION, SET_COUNT };

/* What poll events each set asks for, and which of them it shows. */
static const uint16_t events_wanted[SET_COUNT] = {POLLIN, POLLOUT, POLLPRI};
static const uint16_t events_shown[SET_COUNT] = {POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR,
                                                 POLLPRI};

struct selection {
    uint32_t users[SET_COUNT];
    uint8_t sets[SET_COUNT][SET_BYTES];
    uint32_t bytes; /* of each set, whole words */
    uint32_t count; /* of entries */
    struct poll_entry entries[];
};

static bool bit_of(const uint8_t *set, uint32_t bit) {
    return (set[bit / 8] >> bit % 8 & 1) != 0;
}

static int copy_sets_in(struct selection *selection) {
    for (uint32_t i = 0; i < SET_COUNT; i++)
        if (selection->users[i] != 0 &&
            copy_in(selection->sets[i], selection->users[i], selection->bytes) != 0)
            return -EFAULT;
    return 0;
}

static void add_entries(struct selection *selection, uint32_t limit) {
    for (uint32_t bit = 0; bit < limit; bit++) {
        struct poll_entry entry = {.descriptor = (int32_t)bit};

        for (uint32_t i = 0; i < SET_COUNT; i++)
            if (bit_of(selection->sets[i], bit))
                entry.events |= events_wanted[i];
        if (entry.events != 0)
            selection->entries[selection->count++] = entry;
    }
}

/* Bits that are set afterwards, in all sets; -EBADF if a descriptor is not open. */
static int32_t show_ready(struct selection *selection) {
    int32_t total = 0;

    memset(selection->sets, 0, sizeof selection->sets);
    for (uint32_t n = 0; n < selection->count; n++) {
        const struct poll_entry *entry = &selection->entries[n];
        uint32_t bit = (uint32_t)entry->descriptor;

        if ((entry->ready & POLLNVAL) != 0)
            return -EBADF;
        for (uint32_t i = 0; i < SET_COUNT; i++) {
            if ((entry->events & events_wanted[i]) != 0 && (entry->ready & events_shown[i]) != 0) {
                selection->sets[i][bit / 8] |= (uint8_t)(1u << bit % 8);
                total++;
            }
        }
    }
    return total;
}

static int copy_sets_out(const struct selection *selection) {
    for (uint32_t i = 0; i < SET_COUNT; i++)
        if (selection->users[i] != 0 &&
            copy_out(selection->users[i], selection->sets[i], selection->bytes) != 0)
            return -EFAULT;
    return 0;
}

static int32_t run_selection(struct selection *selection, uint32_t limit, uint64_t deadline) {
    int32_t result = copy_sets_in(selection);

    if (result != 0)
        return result;
    add_entries(selection, limit);
    result = wait_for_ready(selection->entries, selection->count, deadline);
    if (result >= 0)
        result = show_ready(selection);
    if (result >= 0 && copy_sets_out(selection) != 0)
        result = -EFAULT;
    return result;
}

static int32_t select_sets(uint32_t limit, const uint32_t users[SET_COUNT], uint64_t deadline) {
    struct selection *selection;
    int32_t result;

    if ((int32_t)limit < 0)
        return -EINVAL;
    limit = limit < SELECT_MAX ? limit : SELECT_MAX;
    selection = heap_allocate(sizeof *selection + limit * sizeof selection->entries[0]);
    if (selection == NULL)
        return -ENOMEM;
    memcpy(selection->users, users, sizeof selection->users);
    selection->bytes = (limit + 31) / 32 * 4;
    result = run_selection(selection, limit, deadline);
    heap_free(selection);
    return result;
}

static int32_t select_in_microseconds(uint32_t limit, const uint32_t users[SET_COUNT],
                                      uint32_t timeout) {
    uint64_t deadline = DEADLINE_NEVER, wait;
    int32_t result = timeout == 0 ? 0 : time_read_microseconds(timeout, &wait);

    if (result != 0)
        return result;
    if (timeout != 0)
        deadline = time_add(clock_nanoseconds(), wait);
    result = select_sets(limit, users, deadline);
    if (timeout != 0)
        (void)time_write_microseconds(timeout, time_left(deadline));
    return result;
}

FILE_CALL_5(select, limit, read_set, write_set, exception_set, timeout) {
    const uint32_t users[SET_COUNT] = {read_set, write_set, exception_set};

    return select_in_microseconds(limit, users, timeout);
}

/* The first call of this name finds its arguments in memory. */
FILE_CALL_1(old_select, user) {
    struct {
        uint32_t limit, users[SET_COUNT], timeout;
    } arguments;

    if (copy_in(&arguments, user, sizeof arguments) != 0)
        return -EFAULT;
    return select_in_microseconds(arguments.limit, arguments.users, arguments.timeout);
}

/* The sixth argument names a pair: where the mask is, and its size. */
static int32_t select_masked(uint32_t limit, const uint32_t users[SET_COUNT], uint32_t timeout,
                             uint32_t mask_pair, bool wide) {
    struct temporary_mask temporary;
    uint32_t mask[2] = {0, 0};
    uint64_t deadline;
    int32_t result = deadline_of(timeout, wide, &deadline);

    if (result == 0 && mask_pair != 0 && copy_in(mask, mask_pair, sizeof mask) != 0)
        result = -EFAULT;
    if (result == 0)
        result = mask_begin(&temporary, mask[0], mask[1]);
    if (result == 0) {
        result = select_sets(limit, users, deadline);
        put_time_left(timeout, wide, deadline);
        mask_end(&temporary, result);
    }
    return result;
}

FILE_CALL_6(pselect6, limit, read_set, write_set, exception_set, timeout, mask_pair) {
    const uint32_t users[SET_COUNT] = {read_set, write_set, exception_set};

    return select_masked(limit, users, timeout, mask_pair, false);
}

FILE_CALL_6(pselect6_time64, limit, read_set, write_set, exception_set, timeout, mask_pair) {
    const uint32_t users[SET_COUNT] = {read_set, write_set, exception_set};

    return select_masked(limit, users, timeout, mask_pair, true);
}
