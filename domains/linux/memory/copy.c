// SPDX-License-Identifier: MIT
/*
 * fork's copy of an address space. Frames of private areas get a second owner and lose their
 * writable mapping on both sides; whoever writes first copies (fault.c). What can be had again from
 * a file or image is not copied at all, the child faults it in.
 */
#include "domains/linux/memory/space.h"

#include "domains/lib/heap.h"
#include "domains/linux/memory/map_batch.h"

#include "kernel/abi/layout.h"

static struct address_space *make_like(const struct address_space *from) {
    struct address_space *space = address_space_make();
    if (space == NULL)
        return NULL;
    if (!area_copy(&space->areas, &from->areas)) {
        address_space_release(space);
        return NULL;
    }
    for (const struct area *area = from->areas.first; area != NULL; area = area->next)
        if (area->flags & AREA_NOT_FORKED)
            area_remove(&space->areas, area->start, area->end);
    space->break_start = from->break_start;
    space->break_end = from->break_end;
    space->code_start = from->code_start;
    space->code_end = from->code_end;
    space->data_start = from->data_start;
    space->data_end = from->data_end;
    space->stack_start = from->stack_start;
    space->vdso = from->vdso;
    space->mmap_top = from->mmap_top;
    space->arguments_start = from->arguments_start;
    space->arguments_end = from->arguments_end;
    space->environment_end = from->environment_end;
    return space;
}

/* Gives the child the same frames, and takes the parent's right to write away. */
static bool share_area(struct address_space *child, struct address_space *parent,
                       const struct area *area, struct map_batch *in_child,
                       struct map_batch *in_parent) {
    bool shared = area->flags & AREA_SHARED;
    uint32_t entry, at = area->start;
    while ((entry = shadow_next(&parent->shadow, &at, area->end)) != 0) {
        uint32_t frame = shadow_frame(entry);
        if (!shadow_prepare(&child->shadow, at))
            return false;
        if (!shared && entry & SHADOW_WRITABLE) {
            entry &= ~SHADOW_WRITABLE;
            shadow_set(&parent->shadow, at, entry);
            map_batch_add(in_parent, at, area_rights(area, false), frame);
        }
        frame_hold(frame);
        shadow_set(&child->shadow, at, entry);
        if (entry & SHADOW_MAPPED)
            map_batch_add(in_child, at, area_rights(area, entry & SHADOW_WRITABLE), frame);
        at += PAGE_SIZE;
    }
    return true;
}

struct address_space *address_space_fork(struct address_space *from) {
    struct address_space *child = make_like(from);
    if (child == NULL)
        return NULL;
    struct map_batch in_child = {.handle = child->handle}, in_parent = {.handle = from->handle};
    bool complete = true;
    for (struct area *area = from->areas.first; complete && area != NULL; area = area->next)
        if (!(area->flags & (AREA_NOT_FORKED | AREA_WIPED)))
            complete = share_area(child, from, area, &in_child, &in_parent);
    map_batch_flush(&in_parent);
    map_batch_flush(&in_child);
    if (in_parent.failed)
        address_space_unmap(from, APP_BASE, APP_LIMIT);
    if (complete && !in_child.failed)
        return child;
    address_space_release(child);
    return NULL;
}
