// SPDX-License-Identifier: MIT
/*
 * O_DIRECT: requests as the program makes them, cut at 64 KiB, with nothing kept. The bytes still
 * pass through frames of the manager, because the core takes frames and not addresses of an app.
 *
 * Before, the cache is written back, and for a write the range is dropped from it: so the two ways
 * of access agree. The kernel of Linux asks for alignment to the block size; so does this.
 */
#include "domains/lib/heap.h"
#include "domains/linux/block/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/io_count.h"

struct bounce {
    uint32_t frames[IO_SEGMENTS];
    uint32_t count;
};

static bool is_aligned(const struct transfer *transfer, uint64_t offset) {
    uint32_t address = transfer->kernel_address ? (uint32_t)(uintptr_t)transfer->kernel_address
                                                : transfer->user_address;
    return (offset | transfer->total | address) % IO_BLOCK_SIZE == 0;
}

static int bounce_make(struct block_device *device, struct bounce *bounce, uint32_t bytes) {
    uint32_t wanted = (bytes + PAGE_SIZE - 1) / PAGE_SIZE;
    bounce->count = 0;
    if (device->has_spare && wanted) {
        device->has_spare = false;
        bounce->frames[bounce->count++] = device->spare;
    }
    while (bounce->count < wanted && bounce->count < IO_SEGMENTS) {
        uint32_t frame = frame_allocate();
        if (frame == NO_FRAME)
            break;
        bounce->frames[bounce->count++] = frame;
    }
    return bounce->count ? 0 : -ENOMEM;
}

/* One is kept: to get a frame means to have it cleared. What is in it is never shown, since a request that did not move all
 * of its bytes is an error. */
static void bounce_free(struct block_device *device, const struct bounce *bounce) {
    uint32_t first = device->has_spare ? 0 : 1;
    if (first) {
        device->has_spare = true;
        device->spare = bounce->frames[0];
    }
    for (uint32_t i = first; i < bounce->count; i++)
        frame_release(bounce->frames[i]);
}

uint32_t direct_give_back(struct block_device *device) {
    if (!device->has_spare)
        return 0;
    device->has_spare = false;
    frame_release(device->spare);
    return 1;
}

static uint32_t smaller(uint32_t left, uint64_t right) {
    return left < right ? left : (uint32_t)right;
}

/* Moves `bytes` between the frames and the program: bytes moved, or an errno if none were. */
static int copy(struct bounce *bounce, struct transfer *transfer, uint32_t bytes,
                int (*move)(struct transfer *, char *, uint32_t)) {
    uint32_t done = 0;
    for (uint32_t i = 0; done < bytes; i++) {
        uint32_t piece = smaller(PAGE_SIZE, bytes - done);
        int moved = move(transfer, frame_pointer(bounce->frames[i]), piece);
        if (moved < 0)
            return done ? (int)done : moved;
        done += (uint32_t)moved;
        if ((uint32_t)moved < piece)
            break;
    }
    return (int)done;
}

static int put(struct transfer *to, char *bytes, uint32_t count) {
    return transfer_put(to, bytes, count);
}

static int take(struct transfer *from, char *bytes, uint32_t count) {
    return transfer_take(from, bytes, count);
}

static int read_piece(struct block_device *device, struct transfer *to, uint64_t position,
                      struct bounce *bounce) {
    uint32_t bytes =
        smaller(smaller(bounce->count * PAGE_SIZE, to->total), device->bytes - position);
    int error = block_transfer(device, IO_READ, position, bounce->frames, bytes);
    return error ? error : copy(bounce, to, bytes, put);
}

static int write_piece(struct block_device *device, struct transfer *from, uint64_t position,
                       struct bounce *bounce) {
    uint32_t bytes =
        smaller(smaller(bounce->count * PAGE_SIZE, from->total), device->bytes - position);
    int taken = copy(bounce, from, bytes, take);
    if (taken < 0)
        return taken;
    taken -= taken % (int)IO_BLOCK_SIZE; /* a fault in the middle: whole blocks only */
    if (taken == 0)
        return -EFAULT;
    pages_settle(device, position, (uint32_t)taken, true);
    int error = block_transfer(device, IO_WRITE, position, bounce->frames, (uint32_t)taken);
    if (!error)
        io_count_disk(0, (uint32_t)taken);
    return error ? error : taken;
}

static int move_all(struct block_device *device, struct transfer *transfer, uint64_t *offset,
                    int (*move)(struct block_device *, struct transfer *, uint64_t,
                                struct bounce *)) {
    struct bounce bounce;
    int done = 0, moved = 0;
    if (!is_aligned(transfer, *offset))
        return -EINVAL;
    int error = bounce_make(device, &bounce, transfer->total);
    if (error)
        return error;
    while (transfer->total && *offset < device->bytes) {
        moved = move(device, transfer, *offset, &bounce);
        if (moved <= 0)
            break;
        *offset += (uint32_t)moved;
        done += moved;
    }
    bounce_free(device, &bounce);
    return done ? done : moved;
}

int direct_read(struct block_device *device, struct transfer *to, uint64_t *offset) {
    pages_settle(device, *offset, to->total, false);
    return move_all(device, to, offset, read_piece);
}

int direct_write(struct block_device *device, struct transfer *from, uint64_t *offset) {
    return move_all(device, from, offset, write_piece);
}
