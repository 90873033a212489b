// SPDX-License-Identifier: MIT
/*
 * Block devices as files: /dev/vda. Reading past the end is an end of file, writing there -ENOSPC.
 * The last close writes everything back, as on Linux.
 */
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/text.h"
#include "domains/linux/block/block.h"
#include "domains/linux/block/device.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/signal/signal.h"

/* ioctls, with Linux i386's numbers */
#define BLKROGET     0x125Eu
#define BLKGETSIZE   0x1260u
#define BLKFLSBUF    0x1261u
#define BLKSSZGET    0x1268u
#define BLKPBSZGET   0x127Bu
#define BLKBSZGET    0x80041270u
#define BLKGETSIZE64 0x80041272u

static struct block_device *devices;

/* ---- Cached reading and writing -------------------------------------------------------------- */

/* The part of the transfer that lies in the page of `offset`, and on the device. */
static uint32_t piece_at(const struct block_device *device, uint64_t offset, uint32_t total) {
    uint64_t piece = PAGE_SIZE - offset % PAGE_SIZE;
    piece = piece < total ? piece : total;
    return (uint32_t)(piece < device->bytes - offset ? piece : device->bytes - offset);
}

static int read_piece(struct block_device *device, struct transfer *to, uint64_t offset) {
    struct cached_page *page;
    int result = pages_get(device, offset / PAGE_SIZE, &page);
    if (result)
        return result;
    const char *bytes = frame_pointer(page->frame);
    result = transfer_put(to, bytes + offset % PAGE_SIZE, piece_at(device, offset, to->total));
    pages_let_go(device, page);
    return result;
}

static int write_piece(struct block_device *device, struct transfer *from, uint64_t offset) {
    struct cached_page *page;
    uint32_t piece = piece_at(device, offset, from->total);
    bool whole = piece == PAGE_SIZE;
    int result = whole ? pages_get_blank(device, offset / PAGE_SIZE, &page)
                       : pages_get(device, offset / PAGE_SIZE, &page);
    if (result)
        return result;
    bool blank = page->reading;
    char *bytes = frame_pointer(page->frame);
    result = transfer_take(from, bytes + offset % PAGE_SIZE, piece);
    if (blank)
        pages_filled(device, page, result == (int)piece);
    if (blank && result != (int)piece)
        return result < 0 ? result : -EFAULT;
    if (result > 0)
        pages_changed(device, page);
    pages_let_go(device, page);
    return result;
}

static int move_cached(struct block_device *device, struct transfer *transfer, uint64_t *offset,
                       int (*move)(struct block_device *, struct transfer *, uint64_t)) {
    int done = 0;
    while (transfer->total && *offset < device->bytes) {
        int moved = move(device, transfer, *offset);
        if (moved <= 0)
            return done ? done : moved;
        *offset += (uint32_t)moved;
        done += moved;
        if (signal_pending())
            break;
    }
    return done;
}

static int read_block(struct file *file, struct transfer *to, uint64_t *offset) {
    struct block_device *device = file->private;
    if (*offset >= device->bytes)
        return 0;
    return file->flags & O_DIRECT ? direct_read(device, to, offset)
                                  : move_cached(device, to, offset, read_piece);
}

static int write_block(struct file *file, struct transfer *from, uint64_t *offset) {
    struct block_device *device = file->private;
    if (from->total && *offset >= device->bytes)
        return -ENOSPC;
    int done = file->flags & O_DIRECT ? direct_write(device, from, offset)
                                      : move_cached(device, from, offset, write_piece);
    if (done > 0 && (file->flags & O_DSYNC) && pages_sync(device) < 0)
        return -EIO;
    return done;
}

/* ---- The rest of the file -------------------------------------------------------------------- */

static int seek_block(struct file *file, int64_t offset, int whence, uint64_t *result) {
    const struct block_device *device = file->private;
    int64_t from = whence == SEEK_SET   ? 0
                   : whence == SEEK_CUR ? (int64_t)file->offset
                   : whence == SEEK_END ? (int64_t)device->bytes
                                        : -1;
    int64_t place;
    if (from < 0 || __builtin_add_overflow(from, offset, &place) || place < 0 ||
        (uint64_t)place > device->bytes)
        return -EINVAL;
    *result = (uint64_t)place;
    return 0;
}

static int answer(uint32_t argument, const void *value, uint32_t bytes) {
    return copy_out(argument, value, bytes);
}

static int ioctl_block(struct file *file, uint32_t request, uint32_t argument) {
    struct block_device *device = file->private;
    uint32_t sectors = (uint32_t)(device->bytes / IO_BLOCK_SIZE);
    uint32_t sector = IO_BLOCK_SIZE, page = PAGE_SIZE, no = 0;
    uint64_t bytes = device->bytes;
    switch (request) {
    case BLKGETSIZE64:
        return answer(argument, &bytes, sizeof bytes);
    case BLKGETSIZE:
        return bytes / IO_BLOCK_SIZE > UINT32_MAX ? -EFBIG
                                                  : answer(argument, &sectors, sizeof sectors);
    case BLKSSZGET:
    case BLKPBSZGET:
        return answer(argument, &sector, sizeof sector);
    case BLKBSZGET:
        return answer(argument, &page, sizeof page);
    case BLKROGET:
        return answer(argument, &no, sizeof no);
    case BLKFLSBUF: {
        int error = pages_sync(device);
        if (!error)
            pages_settle(device, 0, device->bytes, true);
        return error;
    }
    default:
        return -ENOTTY;
    }
}

static uint32_t poll_block(struct file *file) {
    (void)file;
    return POLLIN | POLLOUT;
}

static int sync_block(struct file *file) {
    return pages_sync(file->private);
}

static void release_block(struct file *file) {
    struct block_device *device = file->private;
    if (device->open_files == 1 && device->cache.dirty)
        (void)pages_sync(device);
    device->open_files--;
}

static const struct file_operations block_operations = {
    .read = read_block,
    .write = write_block,
    .seek = seek_block,
    .ioctl = ioctl_block,
    .poll = poll_block,
    .sync = sync_block,
    .release = release_block,
};

static int open_block(struct inode *inode, struct file *file) {
    struct block_device *device = devices;
    while (device && device->node.device != inode->device)
        device = device->next;
    if (!device)
        return -ENXIO;
    int error = pages_start(device);
    if (error)
        return error;
    device->open_files++;
    file->operations = &block_operations;
    file->private = device;
    return 0;
}

/* ---- All devices ----------------------------------------------------------------------------- */

struct block_device *block_first(void) {
    return devices;
}

int block_sync_all(void) {
    int result = 0;
    for (struct block_device *device = devices; device; device = device->next)
        if (device->cache.dirty && pages_sync(device) < 0)
            result = -EIO;
    return result;
}

static uint32_t give_back(void) {
    uint32_t given = 0;
    for (struct block_device *device = devices; device; device = device->next)
        given += pages_give_back(device) + direct_give_back(device);
    return given;
}

static int add_device(const volatile struct information_device *granted, uint32_t index) {
    struct block_device *device = heap_allocate(sizeof *device);
    if (!device)
        return -ENOMEM;
    for (uint32_t i = 0; i < BLOCK_NAME - 1; i++)
        device->name[i] = granted->name[i];
    device->bytes = granted->bytes;
    device->node = (struct device_node){.name = device->name,
                                        .mode = S_IFBLK | 0600,
                                        .device = BLOCK_MAJOR << 8 | index * BLOCK_MINORS,
                                        .open = open_block};
    int error = io_queue_start(&device->queue, granted->device);
    if (!error)
        error = device_register(&device->node);
    if (error)
        return error;
    struct block_device **end = &devices;
    while (*end)
        end = &(*end)->next;
    *end = device;
    return 0;
}

int block_start(void) {
    static struct shortage_handler shortage = {.give_back = give_back};
    uint32_t found = 0;
    int error = 0;
    for (uint32_t i = 0; i < information()->device_count && !error; i++)
        if (information()->devices[i].class == DEVICE_BLOCK)
            error = add_device(&information()->devices[i], found++);
    if (found)
        frame_on_shortage(&shortage);
    return error;
}
