// SPDX-License-Identifier: MIT
/*
 * The two levels: 512 leaves of one frame each, 1024 entries in a leaf.
 */
#include "domains/linux/memory/shadow.h"

#include "domains/lib/heap.h"

#include <stddef.h>

#define PAGE_BYTES 0x1000u

static uint32_t *entry_of(const struct shadow *shadow, uint32_t address) {
    if (address / SHADOW_LEAF_BYTES >= SHADOW_LEAVES)
        return NULL;
    uint32_t *leaf = shadow->leaves[address / SHADOW_LEAF_BYTES];
    return leaf == NULL ? NULL : &leaf[address % SHADOW_LEAF_BYTES / PAGE_BYTES];
}

uint32_t shadow_get(const struct shadow *shadow, uint32_t address) {
    const uint32_t *entry = entry_of(shadow, address);
    return entry == NULL ? 0 : *entry;
}

bool shadow_prepare(struct shadow *shadow, uint32_t address) {
    uint32_t **leaf = &shadow->leaves[address / SHADOW_LEAF_BYTES];
    if (*leaf != NULL)
        return true;
    uint32_t frame = frame_allocate();
    if (frame == NO_FRAME)
        return false;
    *leaf = frame_pointer(frame);
    return true;
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

uint32_t shadow_next(const struct shadow *shadow, uint32_t *address, uint32_t end) {
    uint32_t at = *address;
    while (at < end) {
        const uint32_t *entry = entry_of(shadow, at);
        if (entry == NULL) {
            at = (at / SHADOW_LEAF_BYTES + 1) * SHADOW_LEAF_BYTES;
        } else if (*entry == 0) {
            at += PAGE_BYTES;
        } else {
            *address = at;
            return *entry;
        }
    }
    return 0;
}

static void free_whole_leaves(struct shadow *shadow, uint32_t start, uint32_t end) {
    uint32_t first = (start + SHADOW_LEAF_BYTES - 1) / SHADOW_LEAF_BYTES;
    for (uint32_t index = first; (index + 1) * SHADOW_LEAF_BYTES <= end && index < SHADOW_LEAVES;
         index++)
        if (shadow->leaves[index] != NULL) {
            frame_release(frame_number(shadow->leaves[index]));
            shadow->leaves[index] = NULL;
        }
}

void shadow_clear(struct shadow *shadow, uint32_t start, uint32_t end) {
    uint32_t entry, at = start;
    while ((entry = shadow_next(shadow, &at, end)) != 0) {
        shadow_set(shadow, at, 0);
        frame_release(shadow_frame(entry));
        at += PAGE_BYTES;
    }
    free_whole_leaves(shadow, start, end);
}
