// SPDX-License-Identifier: MIT
/*
 * Frames of a tenant by index: the page tables of its frame window are the translation table
 * (kernel/abi/memory.h). Binding writes a leaf there, translating reads one. A leaf of the window
 * is not counted as a map of its frame: it is what owns it.
 *
 * Below that: a manager's memory as the core copies it.
 */
#include "kernel/mem/translation.h"
#include "kernel/abi/layout.h"
#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/view.h"
#include "kernel/mem/copy.h"
#include "kernel/mem/space.h"
#include "kernel/mem/window.h"

#include <stddef.h>

static uint32_t window_address(uint32_t index) {
    return MANAGER_WINDOW + index * PAGE_SIZE;
}

uint64_t *translator_move(struct translator *translator, uint32_t index) {
    uint32_t leaf = WINDOW_LEAF(index), address = window_address(index);

    translator->region = leaf / TABLE_ENTRIES;
    translator->table =
        table_index_entry(translator->tenant->directory, address - address % TABLE_BYTES);
    return translator->table ? &translator->table[leaf % TABLE_ENTRIES] : NULL;
}

frame_t tenant_frame(struct tenant *tenant, uint32_t index) {
    struct translator translator = {.tenant = tenant};

    return translate(&translator, index);
}

/* A batch is shorter than a table's reach, so the first and the last index tell. */
static uint32_t missing_tables(struct tenant *tenant, uint32_t first, uint32_t count) {
    uint32_t start = window_address(first), end = window_address(first + count - 1);
    uint32_t missing = table_missing(tenant->directory, start);

    if (start / TABLE_BYTES != end / TABLE_BYTES)
        missing += table_missing(tenant->directory, end);
    return missing;
}

static void make_tables(struct tenant *tenant, uint32_t first, uint32_t count) {
    table_entry_make(tenant->directory, window_address(first), tenant->account);
    table_entry_make(tenant->directory, window_address(first + count - 1), tenant->account);
}

#ifdef TEST_PLANT_LEAK
/* The audit's own test: tenant 1 is charged once for a frame that nothing names. */
static void plant_leak(struct tenant *tenant) {
    static bool planted;

    if (planted || tenant->number != 1 || !quota_withdraw(&tenant->quota, 1))
        return;
    planted = true;
    frame_take(tenant->account, FRAME_BOUND);
}
#endif

enum status frames_bind(struct tenant *tenant, uint32_t first, uint32_t count) {
    struct translator translator = {.tenant = tenant};
    uint32_t tables;

#ifdef TEST_PLANT_LEAK
    plant_leak(tenant);
#endif
    if (count == 0 || (DEFENCE_FRAME_BATCH_BOUND && count > FRAME_BATCH))
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_BIND_BOUND && (first >= tenant->quota.limit || count > tenant->quota.limit - first))
        return STATUS_BAD_ARGUMENT;
    for (uint32_t i = 0; DEFENCE_BIND_TWICE && i < count; i++)
        if (translate(&translator, first + i) != NO_FRAME_T)
            return STATUS_BUSY;
    tables = missing_tables(tenant, first, count);
    if (!quota_withdraw(&tenant->quota, count + tables))
        return STATUS_NO_MEMORY;
    if (tables != 0)
        make_tables(tenant, first, count);
    tenant->tables += tables;
    tenant->bound += count;
    for (uint32_t i = 0; i < count; i++) {
        frame_t frame = frame_take(tenant->account, FRAME_BOUND);

        table_store(translator_leaf(&translator, first + i),
                    PTE_PAGE(frame) | PTE_PRESENT | PTE_WRITE | PTE_NX | PTE_MANAGER);
    }
    return STATUS_OK;
}

enum status frames_unbind(struct tenant *tenant, uint32_t first, uint32_t count) {
    struct translator translator = {.tenant = tenant};

    if (count == 0 || (DEFENCE_FRAME_BATCH_BOUND && count > FRAME_BATCH) ||
        first >= MANAGER_WINDOW_FRAMES || count > MANAGER_WINDOW_FRAMES - first)
        return STATUS_BAD_ARGUMENT;
    for (uint32_t i = 0; i < count; i++) {
        frame_t frame = translate(&translator, first + i);

        if (DEFENCE_UNBIND_UNBOUND && frame == NO_FRAME_T)
            return STATUS_BAD_ARGUMENT;
        if (DEFENCE_UNBIND_IN_USE && frame_record(frame)->link != 0)
            return STATUS_BUSY;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *leaf = translator_leaf(&translator, first + i);
        frame_t frame = PTE_FRAME(*leaf);

        table_store(leaf, 0);
        invalidate_page(window_address(first + i));
        frame_give(frame);
    }
    if (DEFENCE_TLB_SHOOTDOWN)
        view_forget_pages(tenant, NULL);
    tenant->bound -= count;
    quota_replenish(&tenant->quota, count);
    return STATUS_OK;
}

static frame_t manager_page(const void *domain, uint32_t address, bool write) {
    const struct tenant *tenant = domain;
    const uint64_t *leaf = table_entry(tenant->directory, address);

    if (!leaf || !is_present(*leaf) || (DEFENCE_COPY_WRITABLE && write && !(*leaf & PTE_WRITE)))
        return NO_FRAME_T;
    return PTE_FRAME(*leaf);
}

/* A manager passes its own memory only, never an app's. */
static bool in_manager_quarter(uint32_t address, uint32_t bytes) {
    return !DEFENCE_COPY_RANGE ||
           (address >= MANAGER_BASE && address < MANAGER_LIMIT && bytes <= MANAGER_LIMIT - address);
}

enum status tenant_copy_in(struct tenant *tenant, void *to, uint32_t from, uint32_t bytes) {
    if (!in_manager_quarter(from, bytes))
        return STATUS_BAD_ADDRESS;
    return copy_from_pages(manager_page, tenant, to, from, bytes);
}

enum status tenant_copy_word(struct tenant *tenant, uint32_t *to, uint32_t from) {
    frame_t frame;

    if (!in_manager_quarter(from, sizeof *to))
        return STATUS_BAD_ADDRESS;
    frame = manager_page(tenant, from, false);
    if (frame == NO_FRAME_T)
        return STATUS_BAD_ADDRESS;
    *to = *(volatile uint32_t *)((uint8_t *)window_map(WINDOW_SOURCE, frame) + from % PAGE_SIZE);
    return STATUS_OK;
}

enum status tenant_copy_out(struct tenant *tenant, uint32_t to, const void *from, uint32_t bytes) {
    if (!in_manager_quarter(to, bytes))
        return STATUS_BAD_ADDRESS;
    return copy_to_pages(manager_page, tenant, to, from, bytes);
}
