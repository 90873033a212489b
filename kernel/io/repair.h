// SPDX-License-Identifier: MIT
/*
 * A block that is not what was written last, and that a fresh driver brings no better, is put right from the core's copy
 * (block_copies.h): the request that reads it turns for a while into one that writes this block, and then reads again.
 *
 *   reads ──good──> done
 *     │  ^
 *     │  └──────────────written───────────────┐
 *     └──wrong, and a copy is kept──> writes the copy back ──error──> its tenant is told
 *     └──wrong again in the same block──> the driver is doubted once more, and all of it repeated; then, or
 *        if there is no copy, the block is lost
 *
 * It writes alone: while nothing else is in flight at the device, and nothing else goes until it is done. Else it could
 * overtake a write of the tenant's to the same block, and old data would follow new.
 */
#ifndef KERNEL_IO_REPAIR_H
#define KERNEL_IO_REPAIR_H

#include "kernel/io/binding.h"

/* What was read is wrong: the slot's next transfer writes a block of it. false: none can be put right. */
bool repair_begin(const struct io_device *device, struct io_slot *slot);
static inline bool repair_is_under_way(const struct io_slot *slot) {
    return slot->repairing != 0;
}
/* Before it is sent: replays that go first may have taken the copy's place, and then it reads again. */
void repair_look(const struct io_device *device, struct io_slot *slot);
void repair_fill(const struct io_device *device,
                 const struct io_slot *slot); /* its bounce buffer */
void repair_end(struct io_slot *slot);        /* it was written: the next transfer reads */

#endif
