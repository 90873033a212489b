// SPDX-License-Identifier: MIT
/*
 * Counting what leaf entries map: an image page for its tenant, a frame in its record. The leaves of the
 * frame window are not counted (kernel/mem/translation.c).
 */
#ifndef KERNEL_MEM_LEAF_H
#define KERNEL_MEM_LEAF_H

#include "kernel/domain/tenant.h"

static inline bool is_image_leaf(uint64_t leaf) {
    return (uint32_t)leaf & (uint32_t)PTE_IMAGE;
}

static inline void leaf_hold(struct tenant *tenant, uint64_t leaf) {
    if (is_image_leaf(leaf))
        tenant->image_pages++;
    else
        frame_map_added(PTE_FRAME(leaf));
}

static inline void leaf_drop(struct tenant *tenant, uint64_t leaf) {
    if (is_image_leaf(leaf))
        tenant->image_pages--;
    else
        frame_map_removed(PTE_FRAME(leaf));
}

#endif
