// SPDX-License-Identifier: MIT
/*
 * mprotect: areas get their new rights, and the core's mappings follow: frames at once, image pages
 * by being faulted in again.
 */
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/memory/map.h"
#include "domains/linux/process/process.h"

#include "kernel/abi/layout.h"

#define PROT_GROWSDOWN 0x01000000u

static bool may_protect(const struct area *area, uint32_t protection) {
    if (area->flags & AREA_VDSO)
        return !(protection & PROT_WRITE);
    return !(protection & PROT_WRITE) || !(area->flags & AREA_SHARED) || area->file == NULL ||
           (area->file->flags & O_ACCMODE) == O_RDWR;
}

/* Private memory that becomes writable has to be paid; what it has already is. */
static bool is_payable(const struct address_space *space, uint32_t start, uint32_t end) {
    uint32_t missing = 0;
    for (const struct area *area = area_at_or_above(&space->areas, start);
         area != NULL && area->start < end; area = area->next)
        if (!(area->protection & PROT_WRITE) && !(area->flags & AREA_SHARED))
            missing += (area->end - area->start) >> PAGE_SHIFT;
    return missing == 0 || memory_is_available(missing);
}

SYSTEM_CALL_3(mprotect, address, bytes, protection) {
    struct address_space *space = current_process()->space;
    uint32_t start = address, end = address + page_ceiling(bytes);
    protection &= ~PROT_GROWSDOWN;
    if (address % PAGE_SIZE != 0 || protection & ~(PROT_READ | PROT_WRITE | PROT_EXEC))
        return -EINVAL;
    if (bytes == 0)
        return 0;
    if (bytes > AREA_LIMIT || end < start || !area_covers(&space->areas, start, end))
        return -ENOMEM;
    if (!area_split(&space->areas, start, end))
        return -ENOMEM;
    for (struct area *area = area_find(&space->areas, start); area != NULL && area->start < end;
         area = area->next)
        if (!may_protect(area, protection)) {
            area_merge(&space->areas, start, end);
            return -EACCES;
        }
    if (protection & PROT_WRITE && !is_payable(space, start, end)) {
        area_merge(&space->areas, start, end);
        return -ENOMEM;
    }
    for (struct area *area = area_find(&space->areas, start); area != NULL && area->start < end;
         area = area->next)
        area->protection = protection;
    space->generation++;
    address_space_unmap(space, start, end);
    address_space_map_frames(space, start, end);
    area_merge(&space->areas, start, end);
    return 0;
}
