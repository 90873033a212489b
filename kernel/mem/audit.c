// SPDX-License-Identifier: MIT
/*
 * Order of the walk, one tenant after the other:
 *
 *   objects of its pools, and the directory of the manager quarter
 *     -> that quarter's tables, with the frames of its window
 *     -> the tables of every space, the youngest first
 *
 * What must hold besides: an entry that is not present is 0 (kernel/SECURITY.md, L1TF).
 *
 * A space may end or begin between two slices. One that ends takes the walk on to the next; one that begins
 * needs no walk, since its frames are born marked.
 */
#include "kernel/mem/audit.h"

#include "kernel/abi/layout.h"
#include "kernel/domain/tenant.h"
#include "kernel/link/link.h"
#include "kernel/log/log.h"
#include "kernel/mem/window.h"

#include <stddef.h>

#define SLICE_RECORDS  256u
#define SLICE_LEAVES   96u
#define RESULT_TENANTS 64u
#define LEAKS_LOGGED   8u

enum step { STEP_OBJECTS, STEP_QUARTER, STEP_SPACES, STEP_RECORDS };

static struct {
    enum step step;
    uint32_t tenant;
    uint32_t table, leaf;      /* where it goes on, in the quarter or in the space */
    const struct space *space; /* the one being walked; NULL: none is left */
    frame_t record;
    uint32_t leaked, foreign;
} walk;

static void reach(const struct tenant *tenant, frame_t frame) {
    const struct frame_record *record = frame_record(frame);

    if (record && record->account == tenant->account && record->kind != FRAME_FREE)
        frame_mark(frame);
    else
        walk.foreign++;
}

/* A link's frames are reached by the slot of their owner. */
static void look_at_link(const struct tenant *tenant, uint32_t address, frame_t frame) {
    if (!link_shows(tenant, address, frame))
        walk.foreign++;
    else if (frame_record(frame)->account == tenant->account)
        frame_mark(frame);
}

/* A leaf owns its frame in the frame window; elsewhere it shows one that must be an image's or its
 * tenant's, or of a link of its tenant's. */
static void look_at_leaf(const struct tenant *tenant, uint32_t address, uint64_t leaf) {
    const struct frame_record *record = frame_record(PTE_FRAME(leaf));

    if (address >= MANAGER_WINDOW)
        reach(tenant, PTE_FRAME(leaf));
    else if (address >= MANAGER_LINKS && address < MANAGER_MAPPINGS)
        look_at_link(tenant, address, PTE_FRAME(leaf));
    else if (!record ||
             (leaf & PTE_IMAGE ? record->kind != FRAME_IMAGE : record->account != tenant->account))
        walk.foreign++;
}

/* A slice of one page table; `base` is the address that it maps first. True at its end. */
static bool look_at_table(const struct tenant *tenant, frame_t table, uint32_t base) {
    const uint64_t *entries = window_map(WINDOW_AUDIT, table);
    uint32_t left = SLICE_LEAVES;

    if (walk.leaf == 0)
        reach(tenant, table);
    for (; walk.leaf < TABLE_ENTRIES && left > 0; walk.leaf++) {
        if (!is_present(entries[walk.leaf])) {
            walk.foreign += entries[walk.leaf] != 0; /* a CPU with L1TF would follow it */
            continue;
        }
        look_at_leaf(tenant, base + walk.leaf * PAGE_SIZE, entries[walk.leaf]);
        left--;
    }
    return walk.leaf == TABLE_ENTRIES;
}

/* A slice of the first table of the directory from walk.table on; false when there is none. */
static bool look_at_next_table(const struct tenant *tenant, frame_t directory, uint32_t base) {
    const uint64_t *entries = window_map(WINDOW_DIRECTORY, directory);
    uint32_t i = walk.table % TABLE_ENTRIES;

    for (; i < TABLE_ENTRIES && !is_present(entries[i]); i++) {
        walk.foreign += entries[i] != 0;
        walk.leaf = 0;
    }
    walk.table += i - walk.table % TABLE_ENTRIES;
    if (i == TABLE_ENTRIES)
        return false;
    if (look_at_table(tenant, PTE_FRAME(entries[i]), base + i * TABLE_BYTES)) {
        walk.table++;
        walk.leaf = 0;
    }
    return true;
}

static void next_step(enum step step) {
    walk.step = step;
    walk.table = walk.leaf = 0;
}

static void next_tenant(void) {
    walk.tenant++;
    next_step(walk.tenant < tenants_end() ? STEP_OBJECTS : STEP_RECORDS);
}

static void begin_spaces(const struct tenant *tenant) {
    walk.space = tenant->spaces;
    next_step(STEP_SPACES);
}

static void walk_objects(const struct tenant *tenant) {
    object_pool_mark(&tenant->pool);
    object_pool_mark(&tenant->block_pool);
    if (tenant->directory == NO_FRAME_T) {
        begin_spaces(tenant);
        return;
    }
    reach(tenant, tenant->directory);
    next_step(STEP_QUARTER);
}

static void walk_quarter(const struct tenant *tenant) {
    if (tenant->directory == NO_FRAME_T ||
        !look_at_next_table(tenant, tenant->directory, MANAGER_BASE))
        begin_spaces(tenant);
}

static void next_space(void) {
    walk.space = walk.space->next;
    walk.table = walk.leaf = 0;
}

void audit_forget_space(const struct space *space) {
    if (walk.space == space)
        next_space();
}

static void walk_spaces(const struct tenant *tenant) {
    uint32_t half = walk.table / TABLE_ENTRIES;
    frame_t directory = walk.space && half < 2 ? walk.space->directory[half] : NO_FRAME_T;

    if (!walk.space) {
        next_tenant();
    } else if (half == 2) {
        next_space();
    } else if (directory == NO_FRAME_T) {
        walk.table += TABLE_ENTRIES;
    } else {
        if (walk.table % TABLE_ENTRIES == 0)
            reach(tenant, directory);
        look_at_next_table(tenant, directory, half << 30);
    }
}

static void walk_records(void) {
    for (uint32_t i = 0; i < SLICE_RECORDS; i++, walk.record++) {
        const struct frame_record *record = frame_record(walk.record);

        if (!record)
            return;
        if (record->kind == FRAME_FREE || record->account == ACCOUNT_CORE ||
            record->account >= ACCOUNT_DRIVER || frame_is_marked(walk.record))
            continue;
        if (walk.leaked++ < LEAKS_LOGGED)
            log_line("audit: frame %x of account %u, kind %u, is in use and reached by nothing",
                     walk.record, record->account, record->kind);
    }
}

static void fill(struct audit_result *result) {
    *result = (struct audit_result){.leaked = walk.leaked, .foreign = walk.foreign};
    for (uint32_t i = 0; i < tenants_end(); i++) {
        uint32_t charged = tenants[i] ? tenants[i]->quota.used : 0;
        uint32_t found = frame_marked_count((account_t)(1 + i));

        result->charged += charged;
        result->found += found;
        if (i < RESULT_TENANTS) {
            result->tenant_charged[i] = charged;
            result->tenant_found[i] = found;
        }
    }
}

static void begin(void) {
    __builtin_memset(&walk, 0, sizeof walk);
    frame_mark_begin();
}

static void walk_tenant(const struct tenant *tenant) {
    if (walk.step == STEP_OBJECTS)
        walk_objects(tenant);
    else if (walk.step == STEP_QUARTER)
        walk_quarter(tenant);
    else
        walk_spaces(tenant);
}

bool audit_slice(struct audit_result *result) {
    if (walk.step == STEP_OBJECTS && walk.tenant == 0)
        begin();
    while (walk.step != STEP_RECORDS && !tenants[walk.tenant])
        next_tenant();
    if (walk.step != STEP_RECORDS) {
        walk_tenant(tenants[walk.tenant]);
        return false;
    }
    walk_records();
    if (frame_record(walk.record))
        return false;
    fill(result);
    next_step(STEP_OBJECTS);
    walk.tenant = 0;
    return true;
}
