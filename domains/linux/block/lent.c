// SPDX-License-Identifier: MIT
/*
 * O_DIRECT without a copy: the device moves whole pages of the app's own, as many in a row as can be lent
 * (domains/linux/memory/lend.h).
 */
#include "domains/lib/heap.h"
#include "domains/linux/block/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/lend.h"
#include "domains/linux/process/process.h"

struct lent_pages {
    uint32_t frames[IO_SEGMENTS];
    uint32_t count;
};

static uint32_t smaller(uint32_t left, uint32_t right) {
    return left < right ? left : right;
}

static void lend(struct lent_pages *lent, struct address_space *space,
                 const struct transfer *transfer, uint32_t bytes, bool written) {
    uint32_t most = smaller(smaller(bytes, transfer->piece) / PAGE_SIZE, IO_SEGMENTS);
    lent->count = 0;
    if (transfer->kernel_address != NULL || transfer->user_address % PAGE_SIZE != 0)
        return;
    while (lent->count < most) {
        uint32_t frame =
            page_lend(space, transfer->user_address + lent->count * PAGE_SIZE, written);
        if (frame == NO_FRAME)
            return;
        lent->frames[lent->count++] = frame;
    }
}

/* Pages that the app has not any more get what was read by a copy, as they would without all this: how many have it. */
static uint32_t show(const struct lent_pages *lent, const struct address_space *space,
                     uint32_t address) {
    uint32_t shown = 0;
    while (shown < lent->count) {
        uint32_t at = address + shown * PAGE_SIZE, frame = lent->frames[shown];
        if (!page_is_shown(space, at, frame) && copy_out(at, frame_pointer(frame), PAGE_SIZE) != 0)
            break;
        shown++;
    }
    return shown;
}

static void give_back(const struct lent_pages *lent) {
    for (uint32_t n = 0; n < lent->count; n++)
        frame_release(lent->frames[n]);
}

int lent_move(struct block_device *device, struct transfer *transfer, uint64_t position,
              uint32_t bytes, enum io_operation operation) {
    struct address_space *space = current_process()->space;
    struct lent_pages lent;
    lend(&lent, space, transfer, bytes, operation == IO_READ);
    if (lent.count == 0)
        return 0;
    uint32_t moved = lent.count * PAGE_SIZE;
    if (operation == IO_WRITE)
        pages_settle(device, position, moved, true);
    int error = block_transfer(device, operation, position, lent.frames, moved);
    if (error == 0 && operation == IO_READ)
        moved = show(&lent, space, transfer->user_address) * PAGE_SIZE;
    give_back(&lent);
    if (error != 0 || moved == 0)
        return error != 0 ? error : -EFAULT;
    transfer_advance(transfer, moved);
    return (int)moved;
}
