// SPDX-License-Identifier: MIT
/*
 * The life of an address space, and changes of its areas.
 */
#include "domains/linux/memory/space.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/log.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/memory/map_batch.h"
#include "domains/linux/memory/shared.h"
#include "domains/linux/process/limit.h"

#include "kernel/abi/layout.h"

/* Kept back from mmap, brk and fork for what the manager itself needs to go on (stacks, tables, faults):
 * one part in so many of the reservation. */
#define KEPT_BACK_PART  32
#define KEPT_BACK_MOST  16
#define VDSO_HIGHEST    0x7FFFE000u
#define DIRECTORY_BYTES 0x40000000u /* of address space behind one page directory */

void area_hold(const struct area *area) {
    if (area->file != NULL)
        file_hold(area->file);
    if (area->shared != NULL)
        shared_pages_hold(area->shared);
}

void area_release(const struct area *area) {
    if (area->file != NULL)
        file_release(area->file);
    if (area->shared != NULL)
        shared_pages_release(area->shared);
}

struct address_space *address_space_make(void) {
    struct address_space *space = heap_allocate(sizeof(*space));
    if (space == NULL)
        return NULL;
    struct gate_answer answer = space_create();
    if (answer.status != STATUS_OK) {
        heap_free(space);
        return NULL;
    }
    space->handle = answer.value;
    space->references = 1;
    space->mmap_top = MMAP_TOP;
    return space;
}

bool address_space_arrange(struct address_space *space, uint32_t program) {
    bool fits_below = program > PAGE_SIZE + AREA_LOWEST &&
                      process_stack_limit() <= program - PAGE_SIZE - AREA_LOWEST;
    space->vdso = fits_below ? program - PAGE_SIZE : VDSO_HIGHEST;
    if (program < DIRECTORY_BYTES)
        space->mmap_top = DIRECTORY_BYTES;
    const struct area vdso = {
        .start = space->vdso,
        .end = space->vdso + PAGE_SIZE,
        .protection = PROT_READ | PROT_EXEC,
        .flags = AREA_VDSO,
    };
    return area_add(&space->areas, &vdso);
}

/* Below the stack it would be in the way. */
uint32_t address_space_find_gap(const struct address_space *space, uint32_t bytes) {
    uint32_t start = area_find_gap(&space->areas, bytes, space->mmap_top);
    if (start != AREA_NO_ROOM && start >= space->vdso)
        return start;
    return area_find_gap(&space->areas, bytes, MMAP_TOP);
}

void address_space_hold(struct address_space *space) {
    space->references++;
}

void address_space_release(struct address_space *space) {
    if (--space->references > 0)
        return;
    enum status status;
    do
        status = space_destroy(space->handle);
    while (status == STATUS_AGAIN);
    if (status != STATUS_OK)
        panic("the core would not destroy a space: status %d", (int)status);
    shadow_clear(&space->shadow, 0, APP_LIMIT);
    area_remove(&space->areas, 0, APP_LIMIT);
    heap_free(space);
}

/* What the core maps has an entry, but for pages of images. */
static bool may_be_mapped(const struct address_space *space, uint32_t start, uint32_t end) {
    const struct area *area = area_at_or_above(&space->areas, start);
    uint32_t at = start;
    while (area != NULL && area->start < end && area->file == NULL)
        area = area->next;
    return (area != NULL && area->start < end) || shadow_next(&space->shadow, &at, end) != 0;
}

void address_space_unmap(struct address_space *space, uint32_t start, uint32_t end) {
    uint32_t entry, at = start;
    if (!may_be_mapped(space, start, end))
        return;
    while ((entry = shadow_next(&space->shadow, &at, end)) != 0) {
        shadow_set(&space->shadow, at, entry & ~(SHADOW_MAPPED | SHADOW_WRITABLE));
        at += PAGE_SIZE;
    }
    while (start < end) {
        struct gate_answer answer = space_unmap(space->handle, start, (end - start) >> PAGE_SHIFT);
        if (answer.status != STATUS_AGAIN && answer.status != STATUS_OK)
            panic("the core would not unmap %08x..%08x: status %d", start, end, (int)answer.status);
        if (answer.status == STATUS_OK)
            return;
        start += answer.value << PAGE_SHIFT;
    }
}

int address_space_remove(struct address_space *space, uint32_t start, uint32_t end) {
    const struct area *area = area_at_or_above(&space->areas, start);
    if (area == NULL || area->start >= end)
        return 0;
    if (!area_split(&space->areas, start, end))
        return -ENOMEM;
    space->generation++;
    address_space_unmap(space, start, end);
    shadow_clear(&space->shadow, start, end);
    area_remove(&space->areas, start, end);
    return 0;
}

int address_space_add(struct address_space *space, const struct area *area, bool replace) {
    int error = replace ? address_space_remove(space, area->start, area->end) : 0;
    if (error == 0 && !area_add(&space->areas, area))
        error = -ENOMEM;
    space->generation++;
    if (area->file != NULL)
        area->file->inode->mapped = true;
    if (error != 0)
        area_release(area);
    return error;
}

int address_space_insert(struct address_space *space, uint32_t address, uint32_t frame) {
    if (!shadow_prepare(&space->shadow, address)) {
        frame_release(frame);
        return -ENOMEM;
    }
    shadow_set(&space->shadow, address, frame << PAGE_SHIFT | SHADOW_FRAME);
    return 0;
}

bool memory_is_available(uint32_t pages) {
    uint32_t kept_back = frames_total() / KEPT_BACK_PART;
    if (kept_back > KEPT_BACK_MOST)
        kept_back = KEPT_BACK_MOST;
    do {
        uint32_t available = frames_free();
        if (available > kept_back && pages <= available - kept_back)
            return true;
    } while (frames_give_up());
    return false;
}

uint32_t address_space_pages(const struct address_space *space) {
    return area_pages(&space->areas);
}

uint32_t address_space_resident(const struct address_space *space) {
    return space->shadow.frames;
}

bool address_space_shared_place(const struct address_space *space, uint32_t address,
                                const void **object, uint64_t *offset) {
    const struct area *area = area_find(&space->areas, address);
    if (area == NULL || !(area->flags & AREA_SHARED))
        return false;
    *object = area->file != NULL ? (const void *)area->file->inode : area->shared;
    *offset = ((uint64_t)area->page << PAGE_SHIFT) + (address - area->start);
    return true;
}

bool address_space_is_constant(const struct address_space *space, uint32_t address) {
    const struct area *area = area_find(&space->areas, address);
    return area != NULL && !(area->flags & AREA_SHARED) && area->file == NULL &&
           !(area->protection & PROT_WRITE);
}
