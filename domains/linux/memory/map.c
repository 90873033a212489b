// SPDX-License-Identifier: MIT
/*
 * mmap2, munmap and brk.
 */
#include "domains/linux/memory/map.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/table.h"
#include "domains/linux/memory/shared.h"
#include "domains/linux/process/limit.h"
#include "domains/linux/process/process.h"

#include "kernel/abi/layout.h"

#define PROT_KNOWN (PROT_READ | PROT_WRITE | PROT_EXEC)

struct request {
    uint32_t address, bytes, protection, flags;
};

static bool is_over_limit(const struct address_space *space, uint32_t bytes) {
    uint64_t limit = process_limit(RLIMIT_AS);
    uint64_t wanted = ((uint64_t)address_space_pages(space) << PAGE_SHIFT) + bytes;
    return wanted > limit;
}

/* Memory that will have to be paid if it is used: refused now where it clearly cannot be had. */
static bool is_payable(const struct request *request) {
    bool pays = request->flags & MAP_SHARED ? request->flags & MAP_ANONYMOUS
                                            : request->protection & PROT_WRITE;
    return !pays || request->flags & MAP_NORESERVE ||
           memory_is_available(request->bytes >> PAGE_SHIFT);
}

static bool is_free(const struct address_space *space, uint32_t start, uint32_t end) {
    const struct area *area = area_at_or_above(&space->areas, start);
    return area == NULL || area->start >= end;
}

/* Where the new area goes; a hint is taken if it is free. AREA_NO_ROOM and -errno in *error. */
static uint32_t choose_place(const struct address_space *space, const struct request *request,
                             int *error) {
    uint32_t start = request->address, end = start + request->bytes;
    bool fits = end > start && end <= AREA_LIMIT;
    if (request->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        *error = start % PAGE_SIZE != 0 ? -EINVAL : !fits ? -ENOMEM : 0;
        if (*error == 0 && request->flags & MAP_FIXED_NOREPLACE && !is_free(space, start, end))
            *error = -EEXIST;
        if (*error == 0 && start < AREA_LOWEST)
            *error = -EPERM;
        return *error == 0 ? start : AREA_NO_ROOM;
    }
    *error = -ENOMEM;
    start = page_floor(start);
    if (start >= AREA_LOWEST && fits && is_free(space, start, start + request->bytes))
        return start;
    return address_space_find_gap(space, request->bytes);
}

static int32_t place(struct address_space *space, const struct request *request,
                     struct area *area) {
    int error = 0;
    area->start = choose_place(space, request, &error);
    area->end = area->start + request->bytes;
    if (area->start == AREA_NO_ROOM) {
        area_release(area);
        return error;
    }
    error = address_space_add(space, area, request->flags & MAP_FIXED);
    return error != 0 ? error : (int32_t)area->start;
}

static uint32_t lock_flag(const struct request *request) {
    return request->flags & MAP_LOCKED ? AREA_LOCKED : 0;
}

static int32_t map_anonymous(struct address_space *space, const struct request *request) {
    struct area area = {.protection = request->protection, .flags = lock_flag(request)};
    if (request->flags & MAP_GROWSDOWN)
        area.flags |= AREA_GROWSDOWN;
    if (request->flags & MAP_SHARED) {
        if (request->flags & MAP_GROWSDOWN)
            return -EINVAL;
        area.flags |= AREA_SHARED;
        area.shared = shared_pages_make(page_ceiling(request->bytes) >> PAGE_SHIFT);
        if (area.shared == NULL)
            return -ENOMEM;
    }
    return place(space, request, &area);
}

static int check_file(const struct request *request, const struct file *file) {
    uint32_t access = file->flags & O_ACCMODE;
    if (file->operations->page == NULL)
        return -ENODEV;
    if (access == O_WRONLY)
        return -EACCES;
    if (request->flags & MAP_SHARED && request->protection & PROT_WRITE && access != O_RDWR)
        return -EACCES;
    return 0;
}

static int32_t map_file(struct address_space *space, const struct request *request, int descriptor,
                        uint32_t page) {
    struct file *file = file_get(current_process()->files, descriptor);
    if (file == NULL)
        return -EBADF;
    int error = check_file(request, file);
    if (error != 0) {
        file_release(file);
        return error;
    }
    struct area area = {
        .protection = request->protection,
        .flags = lock_flag(request) | (request->flags & MAP_SHARED ? AREA_SHARED : 0),
        .file = file,
        .page = page,
    };
    return place(space, request, &area);
}

/* By writing where that gives a private page, and does not change a file. */
static uint32_t populating_access(const struct area *area) {
    bool writes = area->protection & PROT_WRITE && !(area->flags & AREA_SHARED);
    return writes ? PROT_WRITE : area->protection != 0 ? PROT_READ : 0;
}

/* The areas may change while a page is fetched. */
bool populate(struct address_space *space, uint32_t start, uint32_t end) {
    bool all = true;
    while (start < end) {
        const struct area *area = area_at_or_above(&space->areas, start);
        if (area == NULL || area->start >= end)
            break;
        uint32_t access = area->flags & AREA_VDSO ? 0 : populating_access(area);
        uint32_t at = area->start > start ? area->start : start;
        start = area->end < end ? area->end : end;
        for (; all && access != 0 && at < start; at += PAGE_SIZE)
            all = address_space_fault(space, at, access) == FAULT_RESOLVED;
    }
    return all;
}

static int32_t map(struct request request, int descriptor, uint32_t page) {
    struct address_space *space = current_process()->space;
    uint32_t type = request.flags & MAP_TYPE;
    if (type == MAP_SHARED_VALIDATE)
        request.flags = (request.flags & ~MAP_TYPE) | MAP_SHARED;
    else if (type != MAP_SHARED && type != MAP_PRIVATE)
        return -EINVAL;
    if (request.bytes == 0)
        return -EINVAL;
    if (request.bytes > AREA_LIMIT)
        return -ENOMEM;
    request.bytes = page_ceiling(request.bytes);
    request.protection &= PROT_KNOWN;
    if (is_over_limit(space, request.bytes) || !is_payable(&request))
        return -ENOMEM;
    bool is_locked = request.flags & MAP_LOCKED || space->locks_new_areas;
    if (is_locked && lock_check(space, request.bytes >> PAGE_SHIFT) != 0)
        return -EAGAIN;
    request.flags = is_locked ? request.flags | MAP_LOCKED : request.flags;
    int32_t result = request.flags & MAP_ANONYMOUS ? map_anonymous(space, &request)
                                                   : map_file(space, &request, descriptor, page);
    if (request.flags & (MAP_POPULATE | MAP_LOCKED) && (result >= 0 || result < -4095))
        populate(space, (uint32_t)result, (uint32_t)result + request.bytes);
    return result;
}

SYSTEM_CALL_6(mmap2, address, bytes, protection, flags, descriptor, page) {
    return map((struct request){address, bytes, protection, flags}, (int)descriptor, page);
}

SYSTEM_CALL_1(old_mmap, arguments) {
    uint32_t values[6];
    if (copy_in(values, arguments, sizeof(values)) != 0)
        return -EFAULT;
    if (values[5] % PAGE_SIZE != 0)
        return -EINVAL;
    return map((struct request){values[0], values[1], values[2], values[3]}, (int)values[4],
               values[5] >> PAGE_SHIFT);
}

SYSTEM_CALL_2(munmap, address, bytes) {
    if (address % PAGE_SIZE != 0 || bytes == 0 || address >= AREA_LIMIT ||
        bytes > AREA_LIMIT - address)
        return -EINVAL;
    return address_space_remove(current_process()->space, address, address + page_ceiling(bytes));
}

/* ---- The heap -------------------------------------------------------------------------------- */

static bool grow_break(struct address_space *space, uint32_t from, uint32_t to) {
    const struct area area = {.start = from,
                              .end = to,
                              .protection = PROT_READ | PROT_WRITE,
                              .flags = AREA_HEAP | (space->locks_new_areas ? AREA_LOCKED : 0)};
    uint64_t limit = process_limit(RLIMIT_DATA);
    if (to > AREA_LIMIT || to - space->break_start > limit || is_over_limit(space, to - from) ||
        !memory_is_available((to - from) >> PAGE_SHIFT) || !is_free(space, from, to))
        return false;
    if (space->locks_new_areas && lock_check(space, (to - from) >> PAGE_SHIFT) != 0)
        return false;
    if (address_space_add(space, &area, false) != 0)
        return false;
    if (space->locks_new_areas)
        populate(space, from, to);
    return true;
}

/* Answers the break as it is afterwards, changed or not. */
SYSTEM_CALL_1(brk, wanted) {
    struct address_space *space = current_process()->space;
    uint32_t old = page_ceiling(space->break_end), new = page_ceiling(wanted);
    bool sane = wanted >= space->break_start && wanted < AREA_LIMIT;
    if (sane && new < old)
        sane = address_space_remove(space, new, old) == 0;
    else if (sane && new > old)
        sane = grow_break(space, old, new);
    if (sane)
        space->break_end = wanted;
    return (int32_t)space->break_end;
}
