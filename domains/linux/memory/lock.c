// SPDX-License-Identifier: MIT
/*
 * mlock and its relatives. Nothing is ever paged out here, so all that locking brings is that the pages are there from then
 * on; what is locked is marked for msync() and /proc, and counted against RLIMIT_MEMLOCK.
 */
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/map.h"
#include "domains/linux/process/limit.h"
#include "domains/linux/process/process.h"

#include "kernel/abi/layout.h"

#define MLOCK_ONFAULT 1u
#define MCL_CURRENT   1u
#define MCL_FUTURE    2u
#define MCL_ONFAULT   4u

static bool can_be_locked(const struct area *area) {
    return !(area->flags & AREA_VDSO);
}

int lock_check(const struct address_space *space, uint32_t pages) {
    uint64_t limit = process_limit(RLIMIT_MEMLOCK);
    if (current_process()->euid == 0)
        return 0;
    if (limit == 0)
        return -EPERM;
    uint64_t sum = (uint64_t)area_locked_pages(&space->areas, 0, AREA_LIMIT) + pages;
    return sum << PAGE_SHIFT > limit ? -ENOMEM : 0;
}

static void mark(struct address_space *space, uint32_t start, uint32_t end, bool is_locked) {
    for (struct area *area = area_at_or_above(&space->areas, start);
         area != NULL && area->start < end; area = area->next)
        if (can_be_locked(area))
            area->flags = is_locked ? area->flags | AREA_LOCKED : area->flags & ~AREA_LOCKED;
    area_merge(&space->areas, start, end);
}

/* The pages of a range, without a hole: 0 or a negative errno. */
static int find_pages(const struct address_space *space, uint32_t address, uint32_t bytes,
                      uint32_t *start, uint32_t *end) {
    if (bytes > AREA_LIMIT)
        return -ENOMEM;
    *start = page_floor(address);
    *end = page_ceiling(address + bytes);
    return range_check(space, *start, bytes + (address - *start));
}

static int lock_range(uint32_t address, uint32_t bytes, bool on_fault) {
    struct address_space *space = current_process()->space;
    uint32_t start, end;
    int error = find_pages(space, address, bytes, &start, &end);
    if (error == 0)
        error = lock_check(space, ((end - start) >> PAGE_SHIFT) -
                                      area_locked_pages(&space->areas, start, end));
    if (error == 0 && !area_split(&space->areas, start, end))
        error = -ENOMEM;
    if (error != 0)
        return error;
    mark(space, start, end, true);
    return on_fault || populate(space, start, end) ? 0 : -EAGAIN;
}

SYSTEM_CALL_2(mlock, address, bytes) {
    return lock_range(address, bytes, false);
}

SYSTEM_CALL_3(mlock2, address, bytes, flags) {
    return flags & ~MLOCK_ONFAULT ? -EINVAL : lock_range(address, bytes, flags & MLOCK_ONFAULT);
}

SYSTEM_CALL_2(munlock, address, bytes) {
    struct address_space *space = current_process()->space;
    uint32_t start, end;
    int error = find_pages(space, address, bytes, &start, &end);
    if (error == 0 && !area_split(&space->areas, start, end))
        error = -ENOMEM;
    if (error == 0)
        mark(space, start, end, false);
    return error;
}

SYSTEM_CALL_1(mlockall, flags) {
    struct address_space *space = current_process()->space;
    if (!(flags & (MCL_CURRENT | MCL_FUTURE)) || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT))
        return -EINVAL;
    uint32_t unlocked = area_pages(&space->areas) - area_locked_pages(&space->areas, 0, AREA_LIMIT);
    int error = lock_check(space, flags & MCL_CURRENT ? unlocked : 0);
    if (error != 0)
        return error;
    space->locks_new_areas = flags & MCL_FUTURE;
    if (!(flags & MCL_CURRENT))
        return 0;
    mark(space, 0, AREA_LIMIT, true);
    if (!(flags & MCL_ONFAULT))
        populate(space, 0, AREA_LIMIT); /* as much as there is */
    return 0;
}

SYSTEM_CALL_0(munlockall) {
    struct address_space *space = current_process()->space;
    space->locks_new_areas = false;
    mark(space, 0, AREA_LIMIT, false);
    return 0;
}
