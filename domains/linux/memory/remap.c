// SPDX-License-Identifier: MIT
/*
 * mremap: shrink in place, grow in place where there is room, or move: the frames change their
 * address and nothing is copied.
 */
#include "domains/lib/heap.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/map.h"
#include "domains/linux/process/limit.h"
#include "domains/linux/process/process.h"

#include "kernel/abi/layout.h"

#define MREMAP_MAYMOVE 1u
#define MREMAP_FIXED   2u

static bool is_affordable(const struct address_space *space, const struct area *area,
                          uint32_t more) {
    uint64_t pages = address_space_pages(space);
    bool pays = area->protection & PROT_WRITE && !(area->flags & AREA_SHARED);
    return (pages << PAGE_SHIFT) + more <= process_limit(RLIMIT_AS) &&
           (!pays || memory_is_available(more >> PAGE_SHIFT));
}

/* Adds the pages right behind the area, if nothing is there. */
static bool grow_in_place(struct address_space *space, const struct area *area, uint32_t end,
                          uint32_t new_end) {
    const struct area *above = area_at_or_above(&space->areas, end);
    if (area->end != end || new_end > AREA_LIMIT || (above != NULL && above->start < new_end))
        return false;
    struct area more = *area;
    more.start = end;
    more.end = new_end;
    if (more.file != NULL || more.shared != NULL)
        more.page += (end - area->start) >> PAGE_SHIFT;
    area_hold(&more);
    return address_space_add(space, &more, false) == 0;
}

/* Moves the frames of [from, from + bytes); the core maps them when they are touched. */
static bool move_frames(struct address_space *space, uint32_t from, uint32_t to, uint32_t bytes) {
    uint32_t entry, at = from, end = from + bytes;
    for (; shadow_next(&space->shadow, &at, end) != 0; at += PAGE_SIZE)
        if (!shadow_prepare(&space->shadow, to + (at - from)))
            return false;
    address_space_unmap(space, from, end);
    for (at = from; (entry = shadow_next(&space->shadow, &at, end)) != 0; at += PAGE_SIZE) {
        shadow_set(&space->shadow, at, 0);
        shadow_set(&space->shadow, to + (at - from), entry);
    }
    return true;
}

static int32_t move(struct address_space *space, const struct area *area, uint32_t from,
                    uint32_t old_bytes, uint32_t to, uint32_t new_bytes) {
    struct area moved = *area;
    moved.start = to;
    moved.end = to + new_bytes;
    if (moved.file != NULL || moved.shared != NULL)
        moved.page += (from - area->start) >> PAGE_SHIFT;
    area_hold(&moved);
    int error = address_space_add(space, &moved, true);
    if (error != 0)
        return error;
    if (!move_frames(space, from, to, old_bytes < new_bytes ? old_bytes : new_bytes)) {
        address_space_remove(space, to, to + new_bytes);
        return -ENOMEM;
    }
    error = address_space_remove(space, from, from + old_bytes);
    return error != 0 ? error : (int32_t)to;
}

static int32_t remap_fixed(struct address_space *space, const struct area *area, uint32_t from,
                           uint32_t old_bytes, uint32_t to, uint32_t new_bytes) {
    if (to % PAGE_SIZE != 0 || to < AREA_LOWEST || to >= AREA_LIMIT ||
        new_bytes > AREA_LIMIT - to || (to < from + old_bytes && from < to + new_bytes))
        return -EINVAL;
    return move(space, area, from, old_bytes, to, new_bytes);
}

SYSTEM_CALL_5(mremap, address, old_bytes, new_bytes, flags, new_address) {
    struct address_space *space = current_process()->space;
    bool may_move = flags & MREMAP_MAYMOVE;
    if (address % PAGE_SIZE != 0 || flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) || new_bytes == 0 ||
        new_bytes > AREA_LIMIT || old_bytes == 0 || old_bytes > AREA_LIMIT ||
        (flags & MREMAP_FIXED && !may_move))
        return -EINVAL;
    old_bytes = page_ceiling(old_bytes);
    new_bytes = page_ceiling(new_bytes);
    const struct area *area = area_find(&space->areas, address);
    if (area == NULL || old_bytes > area->end - address)
        return -EFAULT;
    if (new_bytes > old_bytes && !is_affordable(space, area, new_bytes - old_bytes))
        return -ENOMEM;
    if (flags & MREMAP_FIXED)
        return remap_fixed(space, area, address, old_bytes, new_address, new_bytes);
    if (new_bytes <= old_bytes) {
        int error = address_space_remove(space, address + new_bytes, address + old_bytes);
        return error != 0 ? error : (int32_t)address;
    }
    if (grow_in_place(space, area, address + old_bytes, address + new_bytes))
        return (int32_t)address;
    uint32_t to = may_move ? address_space_find_gap(space, new_bytes) : AREA_NO_ROOM;
    return to == AREA_NO_ROOM ? -ENOMEM : move(space, area, address, old_bytes, to, new_bytes);
}
