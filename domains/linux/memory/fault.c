// SPDX-License-Identifier: MIT
/*
 * Page faults: what space.h draws.
 *
 * Getting a file's page may sleep, and then everything may have changed: whoever slept compares the
 * space's generation and, if it is another, leaves things as they are. The app's instruction then
 * faults again.
 */
#include "domains/linux/memory/space.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/defence.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/memory/map_batch.h"
#include "domains/linux/memory/shared.h"
#include "domains/linux/memory/vdso.h"
#include "domains/linux/process/limit.h"

#include "kernel/abi/layout.h"

#define AROUND_BYTES 0x10000u /* image pages mapped at one fault: the aligned 64 KiB */

uint64_t memory_faults, memory_file_faults;

struct fault {
    struct address_space *space;
    const struct area *area;
    uint32_t page; /* its address */
    bool write;
};

/* Of a frame that is mapped very often the core counts no more mappings: nobody's end would help there. */
static enum fault_result map_frame(const struct fault *fault, uint32_t frame, bool writable) {
    struct address_space *space = fault->space;
    uint32_t rights = area_rights(fault->area, writable);
    uint32_t shadow = frame << PAGE_SHIFT | SHADOW_FRAME;
    enum status status = space_map_page(space->handle, fault->page | rights, frame);
    if (status != STATUS_OK) {
        shadow_set(&space->shadow, fault->page, shadow);
        return status == STATUS_NO_MEMORY ? FAULT_NO_MEMORY : FAULT_BUS;
    }
    shadow |= SHADOW_MAPPED | (rights & MAP_WRITE ? SHADOW_WRITABLE : 0);
    shadow_set(&space->shadow, fault->page, shadow);
    if (space->shadow.frames > space->peak_frames)
        space->peak_frames = space->shadow.frames;
    return FAULT_RESOLVED;
}

static enum fault_result copy_on_write(const struct fault *fault, uint32_t old) {
    uint32_t frame = frame_allocate_unzeroed();
    if (frame == NO_FRAME)
        return FAULT_NO_MEMORY;
    memcpy(frame_pointer(frame), frame_pointer(old), PAGE_SIZE);
    enum fault_result result = map_frame(fault, frame, true);
    if (result != FAULT_RESOLVED)
        address_space_unmap(fault->space, fault->page, fault->page + PAGE_SIZE);
    frame_release(old);
    return result;
}

static enum fault_result fault_on_frame(const struct fault *fault, uint32_t frame) {
    bool shared = fault->area->flags & AREA_SHARED;
    if (fault->write && !shared && frame_owners(frame) > 1)
        return copy_on_write(fault, frame);
    return map_frame(fault, frame, shared || frame_owners(frame) == 1);
}

/* ---- Pages of files -------------------------------------------------------------------------- */

static int file_page(const struct area *area, uint32_t address, bool write,
                     struct file_page *result) {
    uint32_t page = area->page + ((address - area->start) >> PAGE_SHIFT);
    if (area->file->operations->page == NULL)
        return -EIO;
    return area->file->operations->page(area->file, page, write, result);
}

/* Maps the image page and its neighbours that are image pages too. */
static enum fault_result map_images(const struct fault *fault, uint32_t image_page) {
    const struct area *area = fault->area;
    struct map_batch batch = {.handle = fault->space->handle};
    uint32_t rights = area_rights(area, false) | MAP_IMAGE;
    uint32_t start = fault->page & ~(AROUND_BYTES - 1), end = start + AROUND_BYTES;
    uint32_t generation = fault->space->generation;
    if (start < area->start)
        start = area->start;
    if (end > area->end)
        end = area->end;
    map_batch_add(&batch, fault->page, rights, image_page);
    for (uint32_t at = start; at < end; at += PAGE_SIZE) {
        struct file_page neighbour;
        if (at == fault->page || shadow_get(&fault->space->shadow, at) != 0)
            continue;
        if (file_page(area, at, false, &neighbour) != 0)
            continue;
        if (!neighbour.is_image)
            frame_release(neighbour.frame);
        else if (generation == fault->space->generation)
            map_batch_add(&batch, at, rights, neighbour.frame);
        if (generation != fault->space->generation)
            return FAULT_RESOLVED;
    }
    map_batch_flush(&batch);
    return batch.failed ? FAULT_NO_MEMORY : FAULT_RESOLVED;
}

/* A private copy of a file's page, for a write. */
static enum fault_result copy_of_file(const struct fault *fault) {
    const struct area *area = fault->area;
    uint64_t page = area->page + ((fault->page - area->start) >> PAGE_SHIFT);
    uint32_t generation = fault->space->generation;
    uint32_t frame = frame_allocate_unzeroed();
    if (frame == NO_FRAME)
        return FAULT_NO_MEMORY;
    int got = file_read_at(area->file, frame_pointer(frame), PAGE_SIZE, page << PAGE_SHIFT);
    if (got >= 0)
        memset((char *)frame_pointer(frame) + got, 0, PAGE_SIZE - (uint32_t)got);
    bool same = generation == fault->space->generation &&
                shadow_get(&fault->space->shadow, fault->page) == 0;
    if (got > 0 && same)
        return map_frame(fault, frame, true);
    frame_release(frame);
    return same ? FAULT_BUS : FAULT_RESOLVED;
}

static enum fault_result fault_on_file(const struct fault *fault) {
    struct address_space *space = fault->space;
    bool shared = fault->area->flags & AREA_SHARED;
    if (fault->write && !shared)
        return copy_of_file(fault);
    uint32_t generation = space->generation;
    struct file_page got;
    int error = file_page(fault->area, fault->page, fault->write, &got);
    if (generation != space->generation || shadow_get(&space->shadow, fault->page) != 0) {
        if (error == 0 && !got.is_image)
            frame_release(got.frame);
        return FAULT_RESOLVED;
    }
    if (error != 0)
        return error == -ENOMEM ? FAULT_NO_MEMORY : FAULT_BUS;
    space->file_faults++;
    memory_file_faults++;
    if (got.is_image)
        return fault->write ? FAULT_BUS : map_images(fault, got.frame);
    return map_frame(fault, got.frame, shared && fault->write);
}

/* The area goes from the list while the file's page is awaited, unless it is held. */
static enum fault_result fault_on_held_file(struct fault fault) {
    struct area held = *fault.area;
    fault.area = &held;
    area_hold(&held);
    enum fault_result result = fault_on_file(&fault);
    area_release(&held);
    return result;
}

/* ---- Everything else ------------------------------------------------------------------------- */

static enum fault_result fault_on_anonymous(const struct fault *fault) {
    const struct area *area = fault->area;
    uint32_t page = area->page + ((fault->page - area->start) >> PAGE_SHIFT), frame;
    if (DEFENCE_SHARED_END && area->shared != NULL && !shared_pages_has(area->shared, page))
        return FAULT_BUS;
    if (area->flags & AREA_VDSO)
        frame_hold(frame = vdso_frame());
    else if (area->shared != NULL)
        frame = shared_pages_frame(area->shared, page);
    else
        frame = frame_allocate();
    return frame == NO_FRAME ? FAULT_NO_MEMORY
                             : map_frame(fault, frame, !(area->flags & AREA_VDSO));
}

static enum fault_result fault_on_empty(const struct fault *fault) {
    if (!shadow_prepare(&fault->space->shadow, fault->page))
        return FAULT_NO_MEMORY;
    return fault->area->file != NULL ? fault_on_held_file(*fault) : fault_on_anonymous(fault);
}

/* A shared file's page that was mapped for reading is asked for again, for writing. */
static bool must_ask_again(const struct fault *fault, uint32_t entry) {
    return fault->write && fault->area->file != NULL && fault->area->flags & AREA_SHARED &&
           !(entry & SHADOW_WRITABLE);
}

/* The area of the address; a stack above it grows down to it. */
static const struct area *area_of(struct address_space *space, uint32_t page) {
    struct area *area = area_at_or_above(&space->areas, page);
    if (area == NULL || area->start <= page)
        return area;
    bool grows = area->flags & AREA_GROWSDOWN && area->end - page <= process_stack_limit() &&
                 page >= AREA_LOWEST;
    if (!grows)
        return NULL;
    area->start = page;
    return area;
}

static bool is_allowed(const struct area *area, uint32_t access) {
    uint32_t readable = PROT_READ | PROT_WRITE | PROT_EXEC;
    return area->protection & (access == PROT_READ ? readable : access);
}

enum fault_result address_space_fault(struct address_space *space, uint32_t address,
                                      uint32_t access) {
    uint32_t page = page_floor(address);
    if (address >= AREA_LIMIT)
        return FAULT_UNMAPPED;
    const struct area *area = area_of(space, page);
    if (area == NULL)
        return FAULT_UNMAPPED;
    if (!is_allowed(area, access))
        return FAULT_FORBIDDEN;
    const struct fault fault = {space, area, page, access == PROT_WRITE};
    uint32_t entry = shadow_get(&space->shadow, page);
    space->faults++;
    memory_faults++;
    if (entry != 0 && must_ask_again(&fault, entry)) {
        address_space_unmap(space, page, page + PAGE_SIZE);
        shadow_set(&space->shadow, page, 0);
        frame_release(shadow_frame(entry));
        entry = 0;
    }
    return entry != 0 ? fault_on_frame(&fault, shadow_frame(entry)) : fault_on_empty(&fault);
}

/* ---- For exec, and /proc -------------------------------------------------------------------------------- */

int address_space_write(struct address_space *space, uint32_t address, const void *bytes,
                        uint32_t count) {
    const char *from = bytes;
    while (count > 0) {
        uint32_t offset = address % PAGE_SIZE, piece = PAGE_SIZE - offset;
        if (piece > count)
            piece = count;
        uint32_t entry = shadow_get(&space->shadow, page_floor(address));
        if (!(entry & SHADOW_WRITABLE)) {
            enum fault_result result = address_space_fault(space, address, PROT_WRITE);
            if (result != FAULT_RESOLVED)
                return result == FAULT_NO_MEMORY ? -ENOMEM : -EFAULT;
            continue;
        }
        memcpy((char *)frame_pointer(shadow_frame(entry)) + offset, from, piece);
        from += piece;
        address += piece;
        count -= piece;
    }
    return 0;
}

uint32_t address_space_read(const struct address_space *space, uint32_t address, void *bytes,
                            uint32_t count) {
    uint32_t done = 0;
    while (done < count) {
        uint32_t at = address + done, offset = at % PAGE_SIZE, piece = PAGE_SIZE - offset;
        uint32_t entry = shadow_get(&space->shadow, page_floor(at));
        if (entry == 0)
            break;
        if (piece > count - done)
            piece = count - done;
        memcpy((char *)bytes + done, (char *)frame_pointer(shadow_frame(entry)) + offset, piece);
        done += piece;
    }
    return done;
}

void address_space_map_frames(struct address_space *space, uint32_t start, uint32_t end) {
    struct map_batch batch = {.handle = space->handle};
    uint32_t entry, at = start;
    while ((entry = shadow_next(&space->shadow, &at, end)) != 0) {
        const struct area *area = area_find(&space->areas, at);
        bool writable = frame_owners(shadow_frame(entry)) == 1;
        if (!(entry & SHADOW_MAPPED) && area != NULL && area->protection != 0 &&
            !(area->flags & AREA_SHARED)) {
            uint32_t rights = area_rights(area, writable);
            map_batch_add(&batch, at, rights, shadow_frame(entry));
            entry |= SHADOW_MAPPED | (rights & MAP_WRITE ? SHADOW_WRITABLE : 0);
            shadow_set(&space->shadow, at, entry);
        }
        at += PAGE_SIZE;
    }
    map_batch_flush(&batch);
}
