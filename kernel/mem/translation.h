// SPDX-License-Identifier: MIT
/*
 * Translating many frame indices of one tenant. Remembers the table of the last one, which stays mapped in
 * WINDOW_INDEX_TABLE; so nothing else may translate in between.
 */
#ifndef KERNEL_MEM_TRANSLATION_H
#define KERNEL_MEM_TRANSLATION_H

#include "kernel/abi/layout.h"
#include "kernel/defence.h"
#include "kernel/mem/table.h"

#include <stddef.h>

struct tenant;

/* The window begins inside a table: an index's leaf is one of these, counted from the table's beginning. */
#define WINDOW_LEAF(index) ((index) + MANAGER_WINDOW % TABLE_BYTES / PAGE_SIZE)

struct translator { /* to start: the tenant, and nothing else */
    struct tenant *tenant;
    uint32_t region; /* WINDOW_LEAF(index) / TABLE_ENTRIES of `table` */
    uint64_t *table; /* NULL: none yet */
};

/* Finds the table for `index`: its leaf in the frame window, or NULL if there is no table. */
uint64_t *translator_move(struct translator *translator, uint32_t index);

/* NULL: beyond the window, or no table. The bound comes first: far beyond it a leaf's number wraps, into the table that
 * the window shares with the LDT's page. */
static inline uint64_t *translator_leaf(struct translator *translator, uint32_t index) {
    uint32_t leaf = WINDOW_LEAF(index);

    if (DEFENCE_FRAME_INDEX_BOUND && index >= MANAGER_WINDOW_FRAMES)
        return NULL;
    if (translator->table && translator->region == leaf / TABLE_ENTRIES)
        return &translator->table[leaf % TABLE_ENTRIES];
    return translator_move(translator, index);
}

/* NO_FRAME_T if the index is not bound. */
static inline frame_t translate(struct translator *translator, uint32_t index) {
    const uint64_t *leaf = translator_leaf(translator, index);

    return leaf && is_present(*leaf) ? PTE_FRAME(*leaf) : NO_FRAME_T;
}

#endif
