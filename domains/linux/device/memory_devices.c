// SPDX-License-Identifier: MIT
/*
 * The devices that are nothing but memory, with Linux's numbers:
 *
 *            read             write
 *   null     end of file      taken
 *   zero     zero bytes       taken
 *   full     zero bytes       -ENOSPC
 *   random   random bytes     taken (and not mixed in: the seed is the core's)
 */
#include "domains/lib/memory.h"
#include "domains/linux/device/device.h"
#include "domains/linux/device/random.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/signal/signal.h"
#include "kernel/abi/layout.h"

#define PIECE 512

static int read_nothing(struct file *file, struct transfer *to, uint64_t *offset) {
    (void)file, (void)to, (void)offset;
    return 0;
}

static int write_everything(struct file *file, struct transfer *from, uint64_t *offset) {
    (void)file, (void)offset;
    int count = (int)from->total;
    from->total = 0;
    return count;
}

static int write_full(struct file *file, struct transfer *from, uint64_t *offset) {
    (void)file, (void)offset;
    return from->total ? -ENOSPC : 0;
}

/* Moves `piece` again and again; if it is random, filled anew each time. A signal ends it once
 * something was moved. */
static int read_pieces(struct transfer *to, const char *piece, uint32_t bytes, char *random) {
    int done = 0;
    while (to->total && !(done && signal_pending())) {
        if (random)
            random_bytes(random, to->total < bytes ? to->total : bytes);
        int moved = transfer_put(to, piece, bytes);
        if (moved < 0)
            return done ? done : moved;
        done += moved;
    }
    return done;
}

static int read_zeros(struct file *file, struct transfer *to, uint64_t *offset) {
    (void)file, (void)offset;
    static const char zeros[PAGE_SIZE]; /* one for all tenants */
    return read_pieces(to, zeros, sizeof zeros, NULL);
}

static int read_random(struct file *file, struct transfer *to, uint64_t *offset) {
    (void)file, (void)offset;
    char piece[PIECE];
    return read_pieces(to, piece, sizeof piece, piece);
}

/* As on Linux: every position is the start. */
static int seek_nowhere(struct file *file, int64_t offset, int whence, uint64_t *result) {
    (void)file, (void)offset, (void)whence;
    *result = 0;
    return 0;
}

static uint32_t always_ready(struct file *file) {
    (void)file;
    return POLLIN | POLLOUT;
}

/* Where a read or write would be makes no difference. */
#define MEMORY_DEVICE(reader, writer)                                                              \
    {                                                                                              \
        .read = (reader), .write = (writer), .seek = seek_nowhere, .is_without_position = true,    \
        .poll = always_ready                                                                       \
    }

static const struct file_operations null_operations = MEMORY_DEVICE(read_nothing, write_everything),
                                    zero_operations = MEMORY_DEVICE(read_zeros, write_everything),
                                    full_operations = MEMORY_DEVICE(read_zeros, write_full),
                                    random_operations =
                                        MEMORY_DEVICE(read_random, write_everything);

static int open_null(struct inode *inode, struct file *file) {
    (void)inode;
    file->operations = &null_operations;
    return 0;
}

static int open_zero(struct inode *inode, struct file *file) {
    (void)inode;
    file->operations = &zero_operations;
    return 0;
}

static int open_full(struct inode *inode, struct file *file) {
    (void)inode;
    file->operations = &full_operations;
    return 0;
}

static int open_random(struct inode *inode, struct file *file) {
    (void)inode;
    file->operations = &random_operations;
    return 0;
}

#define MEMORY_MAJOR 1
#define NODE(node_name, minor, opener)                                                             \
    {                                                                                              \
        .name = (node_name), .mode = S_IFCHR | 0666, .device = MEMORY_MAJOR << 8 | (minor),        \
        .open = (opener)                                                                           \
    }

int memory_devices_start(void) {
    static struct device_node nodes[] = {
        NODE("null", 3, open_null),     NODE("zero", 5, open_zero),      NODE("full", 7, open_full),
        NODE("random", 8, open_random), NODE("urandom", 9, open_random),
    };
    int error = 0;
    for (uint32_t i = 0; i < sizeof nodes / sizeof nodes[0] && !error; i++)
        error = device_register(&nodes[i]);
    return error;
}
