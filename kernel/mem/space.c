// SPDX-License-Identifier: MIT
/*
 * Making, finding and ending app spaces.
 *
 * A space that is being destroyed leaves everybody's sight (`dying`) with the first slice, so that
 * nothing can be mapped behind the cursor:
 *
 *   found by handle ──first slice──> dying, cursor 0..1023 over the tables ──last slice──> freed
 */
#include "kernel/mem/space.h"

#include "kernel/abi/layout.h"
#include "kernel/defence.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/view.h"
#include "kernel/mem/audit.h"
#include "kernel/mem/leaf.h"
#include "kernel/mem/window.h"

#include <stddef.h>

#define TABLES_OF_SPACE (2 * TABLE_ENTRIES)
/* What a slice may do, in entries looked at: below 10,000 instructions at the worst. */
#define SLICE_WORK    1200
#define WORK_OF_LEAF  3
#define WORK_OF_TABLE 12

static struct space *lookup(struct tenant *tenant, uint32_t handle) {
    struct digital_node *node = digital_find(tenant->spaces_by_handle, handle);

    return node ? CONTAINER_OF(node, struct space, by_handle) : NULL;
}

struct space *space_find(struct tenant *tenant, uint32_t handle) {
    struct space *space = lookup(tenant, handle);

    return space && !space->dying ? space : NULL;
}

enum status space_create(struct tenant *tenant, uint32_t *handle) {
    struct space *space;

    if (tenant->space_count == SPACE_MAX)
        return STATUS_NO_MEMORY;
    space = object_allocate(&tenant->pool, sizeof *space);
    if (!space)
        return STATUS_NO_MEMORY;
    space->directory[0] = space->directory[1] = NO_FRAME_T;
    space->tenant = tenant;
    space->next = tenant->spaces;
    if (space->next)
        space->next->previous = space;
    tenant->spaces = space;
    tenant->space_count++;
    *handle = digital_unused(tenant->spaces_by_handle, tenant->last_space_handle);
    tenant->last_space_handle = *handle;
    digital_insert(&tenant->spaces_by_handle, &space->by_handle, *handle);
    return STATUS_OK;
}

frame_t tenant_take_table(struct tenant *tenant) {
    tenant->tables++;
    return frame_take(tenant->account, FRAME_TABLE);
}

void tenant_give_table(struct tenant *tenant, frame_t table) {
    frame_give(table);
    tenant->tables--;
    quota_replenish(&tenant->quota, 1);
}

/* Unmaps what the current table maps, as far as the work allows; true when nothing is left of it. */
static bool empty_table(struct space *space, frame_t table, int32_t *work) {
    const uint64_t *entries = window_map(WINDOW_TABLE, table);
    uint32_t leaf = space->leaf;
    int32_t left = *work;

    for (; leaf < TABLE_ENTRIES && left > 0; leaf++, left--)
        if (is_present(entries[leaf])) {
            leaf_drop(space->tenant, entries[leaf]);
            left -= WORK_OF_LEAF;
        }
    space->leaf = leaf;
    *work = left;
    return leaf == TABLE_ENTRIES;
}

/* Moves the cursor to the next table that is there: its entry, or NULL behind the last or without work left. */
static uint64_t *next_table(struct space *space, int32_t *work) {
    while (*work > 0 && space->cursor < TABLES_OF_SPACE) {
        frame_t directory = space->directory[space->cursor / TABLE_ENTRIES];
        uint32_t index = space->cursor % TABLE_ENTRIES, start = index, end;
        uint64_t *entries;

        if (directory == NO_FRAME_T) {
            space->cursor += TABLE_ENTRIES - index;
            continue;
        }
        entries = window_map(WINDOW_DIRECTORY, directory);
        end = TABLE_ENTRIES - index > (uint32_t)*work ? index + (uint32_t)*work : TABLE_ENTRIES;
        while (index < end && !is_present(entries[index]))
            index++;
        *work -= (int32_t)(index - start);
        space->cursor += index - start;
        if (index < end)
            return &entries[index];
    }
    return NULL;
}

/* One slice; true when all tables are gone. */
static bool destroy_tables(struct space *space) {
    int32_t work = SLICE_WORK;
    uint64_t *entry;

    while ((entry = next_table(space, &work)) != NULL) {
        frame_t table = PTE_FRAME(*entry);

        if (!empty_table(space, table, &work))
            return false;
        table_store(entry, 0);
        tenant_give_table(space->tenant, table);
        work -= WORK_OF_TABLE;
        space->cursor++;
        space->leaf = 0;
    }
    return space->cursor == TABLES_OF_SPACE;
}

static void free_space(struct tenant *tenant, struct space *space) {
    audit_forget_space(space);
    for (uint32_t i = 0; i < 2; i++)
        if (space->directory[i] != NO_FRAME_T)
            tenant_give_table(tenant, space->directory[i]);
    digital_remove(&tenant->spaces_by_handle, &space->by_handle);
    *(space->previous ? &space->previous->next : &tenant->spaces) = space->next;
    if (space->next)
        space->next->previous = space->previous;
    tenant->space_count--;
    object_free(&tenant->pool, space);
}

enum status space_destroy_slice(struct tenant *tenant, uint32_t handle) {
    struct space *space = lookup(tenant, handle);

    if (!space)
        return STATUS_BAD_HANDLE;
    if (DEFENCE_SPACE_IN_USE && space->threads != 0)
        return STATUS_BUSY;
    if (!space->dying)
        view_forget_space(space);
    space->dying = true;
    if (!destroy_tables(space))
        return STATUS_AGAIN;
    free_space(tenant, space);
    return STATUS_OK;
}
