// SPDX-License-Identifier: MIT
/*
 * Calls that say something about memory without changing what is mapped: madvise, msync, mincore.
 */
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/memory/map.h"
#include "domains/linux/process/process.h"

#include "kernel/abi/layout.h"

enum {
    MADV_NORMAL,
    MADV_RANDOM,
    MADV_SEQUENTIAL,
    MADV_WILLNEED,
    MADV_DONTNEED,
    MADV_FREE = 8,
    MADV_DONTFORK = 10,
    MADV_DOFORK,
    MADV_MERGEABLE,
    MADV_UNMERGEABLE,
    MADV_HUGEPAGE,
    MADV_NOHUGEPAGE,
    MADV_DONTDUMP,
    MADV_DODUMP,
    MADV_WIPEONFORK,
    MADV_KEEPONFORK
};

#define MS_ASYNC      1u
#define MS_INVALIDATE 2u
#define MS_SYNC       4u

int range_check(const struct address_space *space, uint32_t address, uint32_t bytes) {
    if (address % PAGE_SIZE != 0)
        return -EINVAL;
    if (address >= AREA_LIMIT || bytes > AREA_LIMIT - address)
        return -ENOMEM;
    return area_covers(&space->areas, address, address + page_ceiling(bytes)) ? 0 : -ENOMEM;
}

/* Private pages are given back and come again empty or from their file. */
static void drop_private(struct address_space *space, uint32_t start, uint32_t end) {
    for (struct area *area = area_at_or_above(&space->areas, start);
         area != NULL && area->start < end; area = area->next) {
        uint32_t from = area->start > start ? area->start : start;
        uint32_t to = area->end < end ? area->end : end;
        address_space_unmap(space, from, to);
        shadow_clear(&space->shadow, from, to);
    }
}

/* What children find there: flags are set and cleared in all areas of the range. */
static int set_for_children(struct address_space *space, uint32_t start, uint32_t end, uint32_t set,
                            uint32_t clear) {
    struct area *area;
    for (area = area_at_or_above(&space->areas, start); area != NULL && area->start < end;
         area = area->next)
        if (set == AREA_WIPED && (area->file != NULL || area->flags & AREA_SHARED))
            return -EINVAL;
    if (!area_split(&space->areas, start, end))
        return -ENOMEM;
    for (area = area_at_or_above(&space->areas, start); area != NULL && area->start < end;
         area = area->next)
        area->flags = (area->flags | set) & ~clear;
    area_merge(&space->areas, start, end);
    space->generation++;
    return 0;
}

static int advise_fork(struct address_space *space, uint32_t start, uint32_t end, uint32_t advice) {
    switch (advice) {
    case MADV_DONTFORK:
        return set_for_children(space, start, end, AREA_NOT_FORKED, 0);
    case MADV_DOFORK:
        return set_for_children(space, start, end, 0, AREA_NOT_FORKED);
    case MADV_WIPEONFORK:
        return set_for_children(space, start, end, AREA_WIPED, 0);
    default:
        return set_for_children(space, start, end, 0, AREA_WIPED);
    }
}

SYSTEM_CALL_3(madvise, address, bytes, advice) {
    struct address_space *space = current_process()->space;
    int error = bytes == 0 && address % PAGE_SIZE == 0 ? 0 : range_check(space, address, bytes);
    switch (advice) {
    case MADV_DONTNEED:
    case MADV_FREE:
        if (error == 0)
            drop_private(space, address, address + page_ceiling(bytes));
        return error;
    case MADV_DONTFORK:
    case MADV_DOFORK:
    case MADV_WIPEONFORK:
    case MADV_KEEPONFORK:
        return error != 0 || bytes == 0
                   ? error
                   : advise_fork(space, address, address + page_ceiling(bytes), advice);
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL:
    case MADV_WILLNEED:
    case MADV_MERGEABLE:
    case MADV_UNMERGEABLE:
    case MADV_HUGEPAGE:
    case MADV_NOHUGEPAGE:
    case MADV_DONTDUMP:
    case MADV_DODUMP:
        return error;
    default:
        return -EINVAL;
    }
}

static int sync_area(const struct area *area) {
    if (area->file == NULL || !(area->flags & AREA_SHARED) || area->file->operations->sync == NULL)
        return 0;
    struct file *file = area->file;
    file_hold(file);
    int error = file->operations->sync(file);
    file_release(file);
    return error;
}

SYSTEM_CALL_3(msync, address, bytes, flags) {
    struct address_space *space = current_process()->space;
    if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
        (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return -EINVAL;
    int error = range_check(space, address, bytes);
    uint32_t end = address + page_ceiling(bytes);
    while (error == 0 && address < end) {
        const struct area *area = area_find(&space->areas, address);
        if (area == NULL)
            return -ENOMEM;
        if (flags & MS_INVALIDATE && area->flags & AREA_LOCKED)
            return -EBUSY;
        address = area->end;
        error = flags & MS_SYNC ? sync_area(area) : 0;
    }
    return error;
}

SYSTEM_CALL_3(mincore, address, bytes, result) {
    const struct address_space *space = current_process()->space;
    int error = range_check(space, address, bytes);
    uint32_t end = address + page_ceiling(bytes);
    for (; error == 0 && address < end; address += PAGE_SIZE, result++) {
        uint8_t resident = shadow_get(&space->shadow, address) != 0;
        error = copy_out(result, &resident, sizeof(resident));
    }
    return error;
}
