// SPDX-License-Identifier: MIT
/*
 * Mapping and unmapping pages, in app spaces and in the manager's own quarter.
 *
 * space_map() goes over the batch three times: every entry is checked, then the missing page tables
 * are paid for and made, then entries are written, which cannot fail. A frame is named by index and
 * translated by the tenant's own page tables, so there is nothing to check about whose it is; an
 * image page is checked against what the tenant was granted.
 */
#include "kernel/abi/layout.h"
#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/domain/bundle.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/view.h"
#include "kernel/mem/leaf.h"
#include "kernel/mem/space.h"
#include "kernel/mem/translation.h"

#include <stddef.h>

#define MAP_FLAGS       (MAP_PRESENT | MAP_WRITE | MAP_EXECUTE | MAP_IMAGE)
#define IMAGE_SHIFT     20
#define IMAGE_PAGE_MASK 0xFFFFFu
/* Bounds of one space_unmap() slice: entries looked at, and missing tables skipped. */
#define SLICE_PAGES  384u
#define SLICE_TABLES 64u
/* A call makes page tables, or writes more entries than this: each at its dearest fills a slice. */
#define ENTRIES_BESIDE_TABLES 8u

/* What a map call works on: an app space, or (space == NULL) the manager quarter. A batch mostly stays
 * within one table, which is mapped in WINDOW_TABLE until somebody asks for another one. */
struct target {
    struct tenant *tenant;
    struct space *space;
    uint32_t region; /* address / TABLE_BYTES of `table` */
    uint64_t *table; /* NULL: none yet */
    bool stale;      /* a page that was there has changed: other CPUs may remember it */
};

struct missing_tables {
    uint32_t count;
    uint32_t regions[TABLES_A_CALL]; /* address / TABLE_BYTES */
    bool more;                       /* there are others */
};

static uint32_t page_of(const struct map_entry *entry) {
    return entry->address & ~(PAGE_SIZE - 1);
}

static bool find_target(struct tenant *tenant, uint32_t handle, struct target *target) {
    *target = (struct target){.tenant = tenant};
    target->space = handle == MANAGER_SPACE ? NULL : space_find(tenant, handle);
    return handle == MANAGER_SPACE || target->space;
}

static bool may_hold(const struct target *target, uint32_t first, uint32_t pages) {
    uint32_t low = APP_BASE, high = APP_LIMIT;

    if (!target->space) {
        bool is_image = first < MANAGER_LINKS;

        low = is_image ? MANAGER_IMAGE_WINDOW : MANAGER_MAPPINGS;
        high = is_image ? MANAGER_LINKS : MANAGER_MAPPINGS_LIMIT;
    }
    return !DEFENCE_MAP_RANGE ||
           (first >= low && first < high && pages <= (high - first) >> PAGE_SHIFT);
}

static frame_t *directory_of(const struct target *target, uint32_t address) {
    return target->space ? &target->space->directory[address >> 30] : &target->tenant->directory;
}

static enum status image_leaf(const struct target *target, const struct map_entry *entry,
                              uint64_t *leaf) {
    uint32_t image = entry->frame >> IMAGE_SHIFT;
    frame_t frame = bundle_image_frame(image, entry->frame & IMAGE_PAGE_MASK);

    if (DEFENCE_IMAGE_READ_ONLY && entry->address & MAP_WRITE)
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_IMAGE_GRANT && !tenant_may_map_image(target->tenant, image))
        return STATUS_NOT_PERMITTED;
    *leaf |= PTE_PAGE(frame) | PTE_IMAGE | (DEFENCE_IMAGE_READ_ONLY ? 0 : PTE_WRITE);
    return DEFENCE_IMAGE_END && frame == NO_FRAME_T ? STATUS_BAD_ARGUMENT : STATUS_OK;
}

static enum status frame_leaf(struct translator *translator, const struct map_entry *entry,
                              uint32_t batch, uint64_t *leaf) {
    frame_t frame = translate(translator, entry->frame);

    if (DEFENCE_MAP_BOUND_FRAME && frame == NO_FRAME_T)
        return STATUS_BAD_ARGUMENT;
    if (frame_maps(frame_record(frame)) > FRAME_MAPS_MAX - batch)
        return STATUS_BUSY;
    *leaf |= PTE_PAGE(frame);
    if (entry->address & MAP_WRITE)
        *leaf |= PTE_WRITE;
    return STATUS_OK;
}

/* The leaves that the batch asks for, 0 where it unmaps. Changes nothing else. */
static enum status make_leaves(const struct target *target, const struct map_entry *entries,
                               uint32_t count, uint64_t *leaves) {
    uint64_t rights = PTE_PRESENT | (target->space ? PTE_USER : 0);
    struct translator translator = {.tenant = target->tenant};

    for (uint32_t i = 0; i < count; i++) {
        uint32_t flags = entries[i].address & (PAGE_SIZE - 1);
        enum status status;

        if ((DEFENCE_MAP_FLAGS_KNOWN && flags & ~MAP_FLAGS) || (flags && !(flags & MAP_PRESENT)))
            return STATUS_BAD_ARGUMENT;
        if (!may_hold(target, page_of(&entries[i]), 1))
            return STATUS_BAD_ADDRESS;
        leaves[i] = 0;
        if (!flags)
            continue;
        leaves[i] = flags & MAP_EXECUTE ? rights : rights | PTE_NX;
        status = flags & MAP_IMAGE ? image_leaf(target, &entries[i], &leaves[i])
                                   : frame_leaf(&translator, &entries[i], count, &leaves[i]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static bool is_listed(const struct missing_tables *missing, uint32_t region) {
    for (uint32_t i = missing->count; i-- > 0;)
        if (missing->regions[i] == region)
            return true;
    return false;
}

static void find_missing(const struct target *target, const struct map_entry *entries,
                         uint32_t count, struct missing_tables *missing) {
    uint32_t previous = UINT32_MAX;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t region = entries[i].address / TABLE_BYTES;
        frame_t directory = *directory_of(target, entries[i].address);

        if (!(entries[i].address & MAP_PRESENT) || region == previous)
            continue;
        previous = region;
        if ((directory != NO_FRAME_T && !table_missing(directory, entries[i].address)) ||
            is_listed(missing, region))
            continue;
        if (missing->count == TABLES_A_CALL) {
            missing->more = true;
            return;
        }
        missing->regions[missing->count++] = region;
    }
}

static uint32_t missing_directories(const struct target *target,
                                    const struct missing_tables *missing) {
    uint32_t halves = 0;

    for (uint32_t i = 0; i < missing->count; i++) {
        uint32_t address = missing->regions[i] * TABLE_BYTES;
        if (*directory_of(target, address) == NO_FRAME_T)
            halves |= 1u << (address >> 30);
    }
    return (halves & 1) + (halves >> 1);
}

static void make_tables(const struct target *target, const struct missing_tables *missing,
                        uint32_t new_directories) {
    for (uint32_t i = 0; i < missing->count; i++) {
        uint32_t address = missing->regions[i] * TABLE_BYTES;
        frame_t *directory = directory_of(target, address);

        if (*directory == NO_FRAME_T)
            *directory = tenant_take_table(target->tenant);
        table_entry_make(*directory, address, target->tenant->account);
        target->tenant->tables++;
    }
    if (new_directories != 0)
        view_space_has_grown(target->tenant, target->space);
}

static enum status pay_for_tables(const struct target *target,
                                  const struct missing_tables *missing) {
    uint32_t directories = missing_directories(target, missing);

    if (!quota_withdraw(&target->tenant->quota, missing->count + directories))
        return STATUS_NO_MEMORY;
    make_tables(target, missing, directories);
    return STATUS_OK;
}

/* The entry for `address`, or NULL if it has no table. */
static uint64_t *entry_for(struct target *target, uint32_t address) {
    uint32_t index = address >> PAGE_SHIFT & (TABLE_ENTRIES - 1);
    frame_t directory;

    if (!target->table || target->region != address / TABLE_BYTES) {
        directory = *directory_of(target, address);
        target->region = address / TABLE_BYTES;
        target->table =
            directory == NO_FRAME_T ? NULL : table_entry(directory, target->region * TABLE_BYTES);
    }
    return target->table ? &target->table[index] : NULL;
}

/* What this CPU may remember of a page goes as soon as the entry changes, what others do at the call's end. */
static void replace_leaf(struct target *target, uint32_t address, uint64_t *entry, uint64_t leaf) {
    uint64_t old = *entry;

    if (is_present(leaf))
        leaf_hold(target->tenant, leaf);
    else if (!is_present(old))
        return;
    table_store(entry, leaf);
    if (is_present(old)) {
        leaf_drop(target->tenant, old);
        invalidate_page(address);
        target->stale = true;
    }
}

static void forget_elsewhere(const struct target *target) {
    if (DEFENCE_TLB_SHOOTDOWN && target->stale)
        view_forget_pages(target->tenant, target->space);
}

enum status space_map(struct tenant *tenant, uint32_t handle, const struct map_entry *entries,
                      uint32_t count) {
    struct missing_tables missing = {.count = 0};
    uint64_t leaves[MAP_BATCH];
    struct target target;
    enum status status;

    if (!find_target(tenant, handle, &target))
        return STATUS_BAD_HANDLE;
    status = make_leaves(&target, entries, count, leaves);
    if (status != STATUS_OK)
        return status;
    find_missing(&target, entries, count, &missing);
    if (missing.count != 0) {
        status = pay_for_tables(&target, &missing);
        if (status != STATUS_OK)
            return status;
        if (missing.more || count > ENTRIES_BESIDE_TABLES)
            return STATUS_AGAIN;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *entry = entry_for(&target, entries[i].address);

        if (entry)
            replace_leaf(&target, page_of(&entries[i]), entry, leaves[i]);
    }
    forget_elsewhere(&target);
    return STATUS_OK;
}

/* Pages from `address` to the end of its table, at most `pages`. */
static uint32_t pages_in_table(uint32_t address, uint32_t pages) {
    uint32_t rest = (TABLE_BYTES - address % TABLE_BYTES) >> PAGE_SHIFT;

    return rest < pages ? rest : pages;
}

enum status space_unmap(struct tenant *tenant, uint32_t handle, uint32_t address, uint32_t pages,
                        uint32_t *done) {
    uint32_t looked_at = 0, skipped = 0;
    struct target target;

    *done = 0;
    if (!find_target(tenant, handle, &target))
        return STATUS_BAD_HANDLE;
    if (address % PAGE_SIZE != 0 || !may_hold(&target, address, pages))
        return STATUS_BAD_ADDRESS;
    while (*done < pages && looked_at < SLICE_PAGES && skipped < SLICE_TABLES) {
        uint32_t step = pages_in_table(address, pages - *done);
        uint64_t *entry = entry_for(&target, address);

        if (entry && step > SLICE_PAGES - looked_at)
            step = SLICE_PAGES - looked_at;
        for (uint32_t i = 0; entry && i < step; i++)
            replace_leaf(&target, address + i * PAGE_SIZE, entry + i, 0);
        if (entry)
            looked_at += step;
        else
            skipped++;
        address += step * PAGE_SIZE;
        *done += step;
    }
    forget_elsewhere(&target);
    return *done < pages ? STATUS_AGAIN : STATUS_OK;
}
