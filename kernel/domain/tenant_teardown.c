// SPDX-License-Identifier: MIT
/*
 * The end of a tenant, in slices. Each step needs the ones before it: what could still use a frame
 * goes before the frame.
 *
 *   threads -> ties to others (channels, links, devices, drivers) -> spaces
 *     -> until IO has let go of its frames, unless it is destroyed
 *     -> leaves of the manager quarter: maps first, then the window's frames
 *     -> tables of the quarter -> core objects
 *     -> freed, or dead until it is restarted
 */
#include "kernel/abi/layout.h"
#include "kernel/channel/channel.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant_parts.h"
#include "kernel/fence/view.h"
#include "kernel/io/device.h"
#include "kernel/link/link.h"
#include "kernel/log/log.h"
#include "kernel/mem/leaf.h"
#include "kernel/mem/window.h"
#include "kernel/sched/thread.h"

#include <stddef.h>

#define SLICE_THREADS 16u
#define SLICE_LEAVES  48u
#define SLICE_TABLES  128u /* looked at */
#define SLICE_SKIPPED 64u
#define SLICE_PAGES   48u
#define QUARTER_PAGES (TABLE_ENTRIES * TABLE_ENTRIES)

enum death_step {
    STEP_THREADS,
    STEP_TIES,
    STEP_SPACES,
    STEP_PINS,
    STEP_LEAVES,
    STEP_TABLES,
    STEP_OBJECTS,
    STEP_LAST
};

static bool end_threads(struct tenant *tenant) {
    for (uint32_t i = 0; i < SLICE_THREADS && tenant->threads; i++)
        thread_destroy(tenant->threads);
    return tenant->threads == NULL;
}

static bool cut_ties(struct tenant *tenant) {
    if (!channel_tenant_died(tenant) || !links_tenant_died(tenant))
        return false;
    drivers_forget_tenant(tenant);
    io_unbind(tenant);
    view_forget_tenant(tenant);
    return true;
}

static bool end_spaces(struct tenant *tenant) {
    if (!tenant->spaces)
        return true;
    space_destroy_slice(tenant, tenant->spaces->by_handle.key);
    return false;
}

/* A frame that a device may still write to stays, and its part of the reservation with it. */
static void give_window_frame(struct tenant *tenant, frame_t frame) {
    tenant->bound--;
    quota_replenish(&tenant->quota, 1);
    if (frame_pins(frame_record(frame)) == 0) {
        frame_give(frame);
        return;
    }
    frame_quarantine(frame);
    tenant->quota.limit--;
}

static void end_leaf(struct tenant *tenant, uint32_t address, uint64_t *entry) {
    uint64_t leaf = *entry;

    if (!is_present(leaf))
        return;
    table_store(entry, 0);
    if (address >= MANAGER_WINDOW)
        give_window_frame(tenant, PTE_FRAME(leaf));
    else
        leaf_drop(tenant, leaf);
}

/* The entries of the current table from the cursor on, as many as a slice may look at. */
static void end_table_leaves(struct tenant *tenant, uint64_t *entries) {
    for (uint32_t i = 0; i < SLICE_LEAVES; i++) {
        uint32_t page = tenant->death_cursor++;

        end_leaf(tenant, MANAGER_BASE + page * PAGE_SIZE, &entries[page % TABLE_ENTRIES]);
        if (tenant->death_cursor % TABLE_ENTRIES == 0)
            return;
    }
}

/* The window lies above everything that maps its frames, so going upwards is the right order. */
static bool end_leaves(struct tenant *tenant) {
    for (uint32_t i = 0; i < SLICE_SKIPPED && tenant->death_cursor < QUARTER_PAGES; i++) {
        uint32_t table = tenant->death_cursor - tenant->death_cursor % TABLE_ENTRIES;
        uint64_t *entries = table_entry(tenant->directory, MANAGER_BASE + table * PAGE_SIZE);

        if (entries) {
            end_table_leaves(tenant, entries);
            return false;
        }
        tenant->death_cursor = table + TABLE_ENTRIES;
    }
    return tenant->death_cursor == QUARTER_PAGES;
}

/* An entry goes with its table: the audit may look at what is left of a quarter between two slices. */
static bool end_tables(struct tenant *tenant) {
    uint64_t *entries = window_map(WINDOW_DIRECTORY, tenant->directory);

    for (uint32_t i = 0; i < SLICE_TABLES; i++, tenant->death_cursor++) {
        uint64_t entry = entries[tenant->death_cursor];

        if (!is_present(entry))
            continue;
        table_store(&entries[tenant->death_cursor], 0);
        tenant_give_table(tenant, PTE_FRAME(entry));
    }
    if (tenant->death_cursor < TABLE_ENTRIES)
        return false;
    tenant_give_table(tenant, tenant->directory);
    tenant->directory = NO_FRAME_T;
    return true;
}

static bool end_objects(struct tenant *tenant) {
    tenant->information = NULL;
    return object_pool_destroy(&tenant->pool, SLICE_PAGES);
}

static bool do_step(struct tenant *tenant) {
    switch ((enum death_step)tenant->death_step) {
    case STEP_THREADS:
        return end_threads(tenant);
    case STEP_TIES:
        return cut_ties(tenant);
    case STEP_SPACES:
        return end_spaces(tenant);
    case STEP_PINS:
        return true;
    case STEP_LEAVES:
        return tenant->directory == NO_FRAME_T || end_leaves(tenant);
    case STEP_TABLES:
        return tenant->directory == NO_FRAME_T || end_tables(tenant);
    case STEP_OBJECTS:
        return end_objects(tenant);
    case STEP_LAST:
        break;
    }
    return true;
}

/* Nothing is left but the block. The operator's own end, if it asked for it, is the machine's. */
static void finish(struct tenant *tenant) {
    if (tenant->destroy_wanted) {
        if (tenant->last_death[0] != '\0') /* it lived */
            log_tenant(tenant->number, "%s: gone", tenant->configuration.name);
        tenant_free(tenant);
        return;
    }
    if (tenant->is_operator && tenant->exit_kind == MANAGER_HALT)
        power_off();
    tenant->state = TENANT_DEAD;
    tenant_set_work(tenant, tenant->restart_wanted);
}

bool teardown_slice(struct tenant *tenant) {
    if (tenant->death_step == STEP_PINS && !tenant->destroy_wanted && !io_unbind(tenant))
        return false;
    if (do_step(tenant)) {
        tenant->death_step++;
        tenant->death_cursor = 0;
    }
    if (tenant->death_step == STEP_LAST)
        finish(tenant);
    return true;
}
