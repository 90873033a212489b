// SPDX-License-Identifier: MIT
/*
 * The manager's own record of an address space: page -> frame. Three levels like a page table, but
 * small ones: most processes have a few pages here and there. The core's tables behind it are a copy
 * that can be thrown away and faulted in again.
 *
 * Only frames of the tenant are recorded. Image pages are not: what an empty entry means follows
 * from the area, and such pages may be mapped in the core or not.
 *
 *   entry:  frame index << 12 | SHADOW_*        0: no frame
 */
#ifndef DOMAINS_LINUX_MEMORY_SHADOW_H
#define DOMAINS_LINUX_MEMORY_SHADOW_H

#include <stdbool.h>
#include <stdint.h>

#define SHADOW_FRAME    1u /* the entry holds one reference to its frame */
#define SHADOW_MAPPED   2u /* the core maps it */
#define SHADOW_WRITABLE 4u /* … writable */

#define SHADOW_LEAF_ENTRIES 64u
#define SHADOW_LEAF_BYTES   0x40000u /* of address space behind one leaf */
#define SHADOW_BRANCH_BYTES 0x1000000u
#define SHADOW_BRANCHES     128u
#define SHADOW_BYTES        (SHADOW_BRANCHES * SHADOW_BRANCH_BYTES) /* what it can record */

struct shadow_branch {
    uint32_t *leaves[SHADOW_BRANCH_BYTES / SHADOW_LEAF_BYTES];
};

struct shadow {
    struct shadow_branch *branches[SHADOW_BRANCHES];
    uint32_t frames; /* entries that are not empty */
};

static inline uint32_t shadow_frame(uint32_t entry) {
    return entry >> 12;
}

uint32_t shadow_get(const struct shadow *shadow, uint32_t address); /* 0: empty */
/* Makes room for an entry, so that shadow_set cannot fail there. false: no memory. */
bool shadow_prepare(struct shadow *shadow, uint32_t address);
void shadow_set(struct shadow *shadow, uint32_t address, uint32_t entry); /* 0: makes it empty */
/* The first address in [*address, end) with an entry, into *address; its entry, or 0: there is
 * none. */
uint32_t shadow_next(const struct shadow *shadow, uint32_t *address, uint32_t end);
/* Releases all frames in [start, end), which the core must not map any more, and leaves and branches
 * that lie whole in it. */
void shadow_clear(struct shadow *shadow, uint32_t start, uint32_t end);

#endif
