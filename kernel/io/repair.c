// SPDX-License-Identifier: MIT
#include "kernel/io/repair.h"

#include "kernel/io/block_copies.h"
#include "kernel/io/bounce.h"
#include "kernel/io/verify.h"
#include "kernel/log/log.h"

#include <string.h>

_Static_assert(IO_SEGMENTS <= 32, "slot->repaired has a bit for each block");

static uint64_t block_of(const struct io_slot *slot, uint32_t n) {
    return slot->request.position / COPY_BYTES + n;
}

/* One that was put right and is wrong again shows that writing it does not help. */
static bool can_repair(const struct io_device *device, const struct io_slot *slot, uint32_t n) {
    return (slot->repaired & 1u << n) == 0 && verify_is_wrong(device, slot, n) &&
           verify_copy(device, block_of(slot, n)) != NULL;
}

bool repair_begin(const struct io_device *device, struct io_slot *slot) {
    uint32_t n = 0, count = slot->request.bytes / COPY_BYTES;
    while (n < count && !can_repair(device, slot, n))
        n++;
    if (n == count)
        return false;
    slot->repairing = n + 1;
    slot->repaired |= 1u << n;
    slot->transfer = (struct io_transfer){
        .operation = IO_WRITE,
        .position = block_of(slot, n) * COPY_BYTES,
        .bytes = COPY_BYTES,
    };
    log_line("device %s: the block at %u KiB is written back from its copy", device->name,
             (uint32_t)(slot->transfer.position >> 10));
    return true;
}

void repair_end(struct io_slot *slot) {
    slot->repairing = 0;
    slot->transfer = transfer_of(&slot->request);
}

void repair_look(const struct io_device *device, struct io_slot *slot) {
    if (slot->repairing == 0 || verify_copy(device, slot->transfer.position / COPY_BYTES) != NULL)
        return;
    slot->repaired &= ~(1u << (slot->repairing - 1));
    repair_end(slot);
}

void repair_fill(const struct io_device *device, const struct io_slot *slot) {
    const void *copy = verify_copy(device, slot->transfer.position / COPY_BYTES);
    memcpy(bounce_at(device, slot, 0), copy, COPY_BYTES);
}
