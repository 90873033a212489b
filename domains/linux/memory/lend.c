// SPDX-License-Identifier: MIT
/*
 * What is mapped may be lent: the shadow's flags say what the app itself may do with the page.
 */
#include "domains/linux/memory/lend.h"

#include "domains/lib/heap.h"
#include "domains/linux/memory/area.h"

static bool may_lend(uint32_t entry, bool written) {
    return entry & (written ? SHADOW_WRITABLE : SHADOW_MAPPED);
}

uint32_t page_lend(struct address_space *space, uint32_t address, bool written) {
    uint32_t access = written ? PROT_WRITE : PROT_READ, entry = shadow_get(&space->shadow, address);
    if (!may_lend(entry, written)) {
        address_space_fault(space, address, access);
        entry = shadow_get(&space->shadow, address);
    }
    if (!may_lend(entry, written))
        return NO_FRAME;
    frame_hold(shadow_frame(entry));
    return shadow_frame(entry);
}

bool page_is_shown(const struct address_space *space, uint32_t address, uint32_t frame) {
    uint32_t entry = shadow_get(&space->shadow, address);
    return entry != 0 && shadow_frame(entry) == frame;
}
