// SPDX-License-Identifier: MIT
/*
 * A file knows whether it was ever mapped, and not by whom. Such files are cut seldom, so all areas of all processes
 * are looked at then.
 */
#include "domains/linux/memory/file_mappings.h"

#include "domains/linux/file/file.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/process/process.h"

#include "kernel/abi/layout.h"

/* Where in the area page `page` of the file lies, or would. */
static uint32_t address_of(const struct area *area, uint64_t page) {
    uint64_t last = area->page + ((area->end - area->start) >> PAGE_SHIFT);
    if (page <= area->page)
        return area->start;
    return page >= last ? area->end : area->start + ((uint32_t)(page - area->page) << PAGE_SHIFT);
}

static void drop_in(struct address_space *space, const struct area *area, uint64_t first,
                    uint64_t end) {
    uint32_t from = address_of(area, first), to = address_of(area, end);
    if (from >= to)
        return;
    space->generation++; /* whoever sleeps for one of these pages looks again */
    address_space_unmap(space, from, to);
    shadow_clear(&space->shadow, from, to);
}

void file_mappings_drop(const struct inode *inode, uint64_t first, uint64_t end, bool copies_too) {
    if (!inode->mapped)
        return;
    for (struct process *process = process_list; process != NULL; process = process->next) {
        if (process->space == NULL)
            continue;
        for (struct area *area = process->space->areas.first; area != NULL; area = area->next)
            if (area->file != NULL && area->file->inode == inode &&
                (copies_too || area->flags & AREA_SHARED))
                drop_in(process->space, area, first, end);
    }
}
