// SPDX-License-Identifier: MIT
/*
 * struct transfer: one cursor over an app's buffer, an app's iovec, or the manager's memory.
 */
#include "domains/linux/memory/user.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"

#include "kernel/abi/layout.h"

#define IOVEC_MOST 1024

struct app_iovec {
    uint32_t base, length;
};

void transfer_user(struct transfer *transfer, uint32_t address, uint32_t bytes) {
    *transfer = (struct transfer){.user_address = address, .piece = bytes, .total = bytes};
}

void transfer_kernel(struct transfer *transfer, void *address, uint32_t bytes) {
    *transfer = (struct transfer){.kernel_address = address, .piece = bytes, .total = bytes};
}

int transfer_iovec(struct transfer *transfer, uint32_t user_iovec, uint32_t count) {
    uint32_t total = 0;
    if (count > IOVEC_MOST)
        return -EINVAL;
    for (uint32_t i = 0; i < count; i++) {
        struct app_iovec entry;
        if (copy_in(&entry, user_iovec + i * (uint32_t)sizeof(entry), sizeof(entry)) != 0)
            return -EFAULT;
        if (entry.length > INT32_MAX - total)
            return -EINVAL;
        if (entry.length > 0 && (entry.base >= APP_LIMIT || entry.length > APP_LIMIT - entry.base))
            return -EFAULT;
        total += entry.length;
    }
    *transfer = (struct transfer){.total = total, .user_iovec = user_iovec, .iovec_left = count};
    return 0;
}

/* Loads the next piece that is not empty. The app may have changed its iovec since it was checked.
 * */
static int next_piece(struct transfer *transfer) {
    while (transfer->piece == 0) {
        struct app_iovec entry;
        if (transfer->iovec_left == 0 || copy_in(&entry, transfer->user_iovec, sizeof(entry)) != 0)
            return -EFAULT;
        transfer->iovec_left--;
        transfer->user_iovec += (uint32_t)sizeof(entry);
        transfer->user_address = entry.base;
        transfer->piece = entry.length < transfer->total ? entry.length : transfer->total;
    }
    return 0;
}

static void advance(struct transfer *transfer, uint32_t bytes) {
    transfer->user_address += bytes;
    if (transfer->kernel_address != NULL)
        transfer->kernel_address += bytes;
    transfer->piece -= bytes;
    transfer->total -= bytes;
}

/* Bytes moved: fewer where the app's memory ends. */
static uint32_t move_piece(struct transfer *transfer, char *bytes, uint32_t count,
                           bool towards_app) {
    if (transfer->kernel_address != NULL) {
        if (towards_app)
            memcpy(transfer->kernel_address, bytes, count);
        else
            memcpy(bytes, transfer->kernel_address, count);
        return count;
    }
    return towards_app ? copy_out_up_to(transfer->user_address, bytes, count)
                       : copy_in_up_to(bytes, transfer->user_address, count);
}

static int move_pieces(struct transfer *transfer, char *bytes, uint32_t count, bool towards_app) {
    uint32_t done = 0;
    while (done < count) {
        if (next_piece(transfer) != 0)
            break;
        uint32_t piece = count - done < transfer->piece ? count - done : transfer->piece;
        uint32_t moved = move_piece(transfer, bytes + done, piece, towards_app);
        advance(transfer, moved);
        done += moved;
        if (moved < piece)
            break;
    }
    return done > 0 || count == 0 ? (int)done : -EFAULT;
}

/* Mostly it is one buffer of an app's, or a part of it. */
static inline int move(struct transfer *transfer, char *bytes, uint32_t count, bool towards_app) {
    if (count > transfer->total)
        count = transfer->total;
    if (count == 0 || count > transfer->piece || transfer->kernel_address != NULL)
        return move_pieces(transfer, bytes, count, towards_app);
    uint32_t moved = towards_app ? copy_out_up_to(transfer->user_address, bytes, count)
                                 : copy_in_up_to(bytes, transfer->user_address, count);
    transfer->user_address += moved;
    transfer->piece -= moved;
    transfer->total -= moved;
    return moved > 0 ? (int)moved : -EFAULT;
}

int transfer_put(struct transfer *transfer, const void *from, uint32_t bytes) {
    return move(transfer, (char *)(uintptr_t)from, bytes, true);
}

int transfer_take(struct transfer *transfer, void *to, uint32_t bytes) {
    return move(transfer, to, bytes, false);
}
