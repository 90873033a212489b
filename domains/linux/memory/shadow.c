// SPDX-License-Identifier: MIT
/*
 * The three levels: 128 branches of 64 leaves, 64 entries in a leaf. Branches and leaves have 256 bytes.
 */
#include "domains/linux/memory/shadow.h"

#include "domains/lib/heap.h"

#include <stddef.h>

#define PAGE_BYTES 0x1000u

static uint32_t *leaf_of(const struct shadow *shadow, uint32_t address) {
    if (address >= SHADOW_BYTES)
        return NULL;
    const struct shadow_branch *branch = shadow->branches[address / SHADOW_BRANCH_BYTES];
    return branch == NULL ? NULL
                          : branch->leaves[address % SHADOW_BRANCH_BYTES / SHADOW_LEAF_BYTES];
}

static uint32_t *entry_of(const struct shadow *shadow, uint32_t address) {
    uint32_t *leaf = leaf_of(shadow, address);
    return leaf == NULL ? NULL : &leaf[address % SHADOW_LEAF_BYTES / PAGE_BYTES];
}

uint32_t shadow_get(const struct shadow *shadow, uint32_t address) {
    const uint32_t *entry = entry_of(shadow, address);
    return entry == NULL ? 0 : *entry;
}

bool shadow_prepare(struct shadow *shadow, uint32_t address) {
    struct shadow_branch **branch = &shadow->branches[address / SHADOW_BRANCH_BYTES];
    if (*branch == NULL && (*branch = heap_allocate(sizeof(**branch))) == NULL)
        return false;
    uint32_t **leaf = &(*branch)->leaves[address % SHADOW_BRANCH_BYTES / SHADOW_LEAF_BYTES];
    if (*leaf == NULL)
        *leaf = heap_allocate(SHADOW_LEAF_ENTRIES * sizeof(**leaf));
    return *leaf != NULL;
}

void shadow_set(struct shadow *shadow, uint32_t address, uint32_t entry) {
    uint32_t *place = entry_of(shadow, address);
    if (place == NULL)
        return;
    if (entry != 0)
        shadow->frames++;
    if (*place != 0)
        shadow->frames--;
    *place = entry;
}

/* The end of the empty leaf or branch at `address`. */
static uint32_t end_of_gap(const struct shadow *shadow, uint32_t address) {
    uint32_t bytes = shadow->branches[address / SHADOW_BRANCH_BYTES] == NULL ? SHADOW_BRANCH_BYTES
                                                                             : SHADOW_LEAF_BYTES;
    return (address / bytes + 1) * bytes;
}

uint32_t shadow_next(const struct shadow *shadow, uint32_t *address, uint32_t end) {
    uint32_t at = *address;
    if (end > SHADOW_BYTES)
        end = SHADOW_BYTES;
    while (at < end) {
        const uint32_t *entry = entry_of(shadow, at);
        if (entry == NULL) {
            at = end_of_gap(shadow, at);
        } else if (*entry == 0) {
            at += PAGE_BYTES;
        } else {
            *address = at;
            return *entry;
        }
    }
    return 0;
}

static bool lies_whole(uint32_t index, uint32_t bytes, uint32_t start, uint32_t end) {
    return index * bytes >= start && (index + 1) * bytes <= end;
}

static void free_whole_leaves(struct shadow_branch *branch, uint32_t base, uint32_t start,
                              uint32_t end) {
    uint32_t first = base / SHADOW_LEAF_BYTES;
    for (uint32_t i = 0; i < SHADOW_BRANCH_BYTES / SHADOW_LEAF_BYTES; i++)
        if (branch->leaves[i] != NULL && lies_whole(first + i, SHADOW_LEAF_BYTES, start, end)) {
            heap_free(branch->leaves[i]);
            branch->leaves[i] = NULL;
        }
}

static void free_whole(struct shadow *shadow, uint32_t start, uint32_t end) {
    for (uint32_t i = start / SHADOW_BRANCH_BYTES;
         i < SHADOW_BRANCHES && i * SHADOW_BRANCH_BYTES < end; i++) {
        if (shadow->branches[i] == NULL)
            continue;
        free_whole_leaves(shadow->branches[i], i * SHADOW_BRANCH_BYTES, start, end);
        if (!lies_whole(i, SHADOW_BRANCH_BYTES, start, end))
            continue;
        heap_free(shadow->branches[i]);
        shadow->branches[i] = NULL;
    }
}

void shadow_clear(struct shadow *shadow, uint32_t start, uint32_t end) {
    uint32_t entry, at = start;
    while ((entry = shadow_next(shadow, &at, end)) != 0) {
        shadow_set(shadow, at, 0);
        frame_release(shadow_frame(entry));
        at += PAGE_BYTES;
    }
    free_whole(shadow, start, end);
}
