// SPDX-License-Identifier: MIT
/*
 * The data of a tree's files. A page of a file comes from the first of these that has it:
 *
 *   its page map (a frame of the tenant)  >  the image (below `backed`)  >  nothing: zeros
 *
 * What a file loses, its mappings lose at once (memory/file_mappings.h), so that none shows a page that is no longer the file's.
 *
 * Copying to and from the app releases the manager's lock, so a frame is held meanwhile, and
 * whoever changes a file's size or writes to it first takes the file's `changing` flag: writes are
 * atomic to each other and appends never overlap. Page faults take no such flag, so a write whose
 * source is a mapping of the same file cannot wait for itself.
 */
#include "domains/linux/fs/tree_node.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/file/size_limit.h"
#include "domains/linux/memory/file_mappings.h"

#include "kernel/abi/gate.h"

#define PAGE_BYTES     4096u
#define FILE_BYTES_MAX 0x7FFFFFFFFFFull /* as Linux allows on 32-bit machines */

#define ALLOCATE_KEEP_SIZE  1u /* FALLOC_FL_* */
#define ALLOCATE_PUNCH_HOLE 2u
#define ALLOCATE_ZERO_RANGE 16u

static const char zeros[PAGE_BYTES];

static uint64_t pages_of(uint64_t bytes) {
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
}

static uint32_t minimum(uint64_t a, uint64_t b) {
    return (uint32_t)(a < b ? a : b);
}

static void begin_change(struct node *node) {
    while (node->file.changing)
        wait_uninterrupted(&node->file.waiting, DEADLINE_NEVER);
    node->file.changing = true;
}

static void end_change(struct node *node) {
    node->file.changing = false;
    wait_wake(&node->file.waiting);
}

static void drop_pages(struct node *node, uint64_t first, uint64_t end) {
    uint32_t before = node->file.pages.count;

    page_map_remove(&node->file.pages, first, end);
    tree_of(node)->pages -= before - node->file.pages.count;
}

/* The frame of a page for writing, copied up or made if there was none; NO_FRAME: no memory. */
static uint32_t own_page(struct node *node, uint64_t page) {
    uint32_t frame = page_map_get(&node->file.pages, page);
    const uint8_t *bytes;

    if (frame != NO_FRAME)
        return frame;
    if (tree_is_full(tree_of(node)))
        return NO_FRAME;
    frame = frame_allocate();
    if (frame == NO_FRAME)
        return NO_FRAME;
    if (page < node->file.backed) {
        uint32_t count =
            erofs_data(&tree_of(node)->image, node->backing, page * PAGE_BYTES, &bytes);

        memcpy(frame_pointer(frame), bytes, minimum(count, PAGE_BYTES));
    }
    if (!page_map_put(&node->file.pages, page, frame)) {
        frame_release(frame);
        return NO_FRAME;
    }
    tree_of(node)->pages++;
    node->pinned = true;
    return frame;
}

/* ---- Reading
 * ------------------------------------------------------------------------------------- */

/* Hands out up to `bytes` bytes at `offset`, all from one source. */
static int read_piece(struct node *node, struct transfer *to, uint64_t offset, uint32_t bytes) {
    uint64_t page = offset / PAGE_BYTES;
    uint32_t within = (uint32_t)offset % PAGE_BYTES;
    uint32_t frame = page_map_get(&node->file.pages, page);
    const uint8_t *data;
    int moved;

    if (frame == NO_FRAME && page < node->file.backed) {
        uint32_t count = erofs_data(&tree_of(node)->image, node->backing, offset, &data);

        if (node->file.pages.root != NULL)
            count = minimum(count, PAGE_BYTES - within);
        return transfer_put(to, data, minimum(bytes, count));
    }
    bytes = minimum(bytes, PAGE_BYTES - within);
    if (frame == NO_FRAME)
        return transfer_put(to, zeros, bytes);
    frame_hold(frame);
    moved = transfer_put(to, (const char *)frame_pointer(frame) + within, bytes);
    frame_release(frame);
    return moved;
}

int tree_read(struct file *file, struct transfer *to, uint64_t *offset) {
    struct node *node = node_of(file->inode);
    int total = 0;

    while (to->total > 0 && *offset < node->inode.size) {
        uint32_t wanted = minimum(to->total, node->inode.size - *offset);
        int moved = read_piece(node, to, *offset, wanted);

        if (moved <= 0)
            return total > 0 ? total : moved;
        total += moved;
        *offset += (uint32_t)moved;
    }
    if (node->pinned && total > 0)
        node->inode.accessed = timestamp_now();
    return total;
}

/* Makes the bytes behind `size` in its page zero, if the page has any other. A file that grows
 * needs it too: the last page may come from the image, whose data ends there, or have been written
 * to through a mapping. */
static int clear_behind(struct node *node, uint64_t size) {
    uint64_t page = size / PAGE_BYTES;
    uint32_t within = (uint32_t)size % PAGE_BYTES, frame;

    if (within == 0 ||
        (page >= node->file.backed && page_map_get(&node->file.pages, page) == NO_FRAME))
        return 0;
    frame = own_page(node, page);
    if (frame == NO_FRAME)
        return -ENOSPC;
    memset((char *)frame_pointer(frame) + within, 0, PAGE_BYTES - within);
    return 0;
}

/* ---- Writing
 * ------------------------------------------------------------------------------------- */

static int write_pieces(struct node *node, struct transfer *from, uint64_t *offset) {
    int total = 0;

    while (from->total > 0) {
        uint32_t within = (uint32_t)*offset % PAGE_BYTES;
        uint32_t wanted = minimum(from->total, PAGE_BYTES - within), frame;
        int moved;

        if (*offset >= FILE_BYTES_MAX)
            return total > 0 ? total : -EFBIG;
        frame = own_page(node, *offset / PAGE_BYTES);
        if (frame == NO_FRAME)
            return total > 0 ? total : -ENOSPC;
        frame_hold(frame);
        moved = transfer_take(from, (char *)frame_pointer(frame) + within, wanted);
        frame_release(frame);
        if (moved <= 0)
            return total > 0 ? total : moved;
        total += moved;
        *offset += (uint32_t)moved;
        if (*offset > node->inode.size)
            node->inode.size = *offset;
    }
    return total;
}

/* A page that was made for a write which then failed must not show behind the end of the file. */
static void drop_behind_end(struct node *node) {
    drop_pages(node, pages_of(node->inode.size), UINT64_MAX);
}

/* Before bytes go to `offset`: 0, or why none do. */
static int prepare_write(struct node *node, struct transfer *from, uint64_t offset) {
    int refused = size_limit_write(offset, &from->total);

    if (refused != 0)
        return refused;
    drop_set_ids(&node->inode);
    return offset > node->inode.size ? clear_behind(node, node->inode.size) : 0;
}

static int write_at(struct node *node, struct transfer *from, uint64_t *offset) {
    int written = prepare_write(node, from, *offset);

    if (written == 0)
        written = write_pieces(node, from, offset);
    if (written > 0)
        node_touch(node);
    else
        drop_behind_end(node);
    return written;
}

int tree_write(struct file *file, struct transfer *from, uint64_t *offset) {
    struct node *node = node_of(file->inode);
    uint64_t start;
    int written;

    if (from->total == 0)
        return 0;
    begin_change(node);
    start = (file->flags & O_APPEND) != 0 ? node->inode.size : *offset;
    written = write_at(node, from, &start);
    if (written > 0)
        *offset = start;
    end_change(node);
    return written;
}

/* ---- Size
 * ---------------------------------------------------------------------------------------- */

static uint64_t minimum_size(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static int set_size(struct node *node, uint64_t size) {
    int error;

    if (size > FILE_BYTES_MAX)
        return -EFBIG;
    error = clear_behind(node, minimum_size(size, node->inode.size));
    if (error != 0)
        return error;
    if (size < node->inode.size) {
        drop_pages(node, pages_of(size), UINT64_MAX);
        file_mappings_drop(&node->inode, pages_of(size), UINT64_MAX, true);
        if (node->file.backed > pages_of(size))
            node->file.backed = pages_of(size);
    }
    node->inode.size = size;
    node_touch(node);
    return 0;
}

int tree_truncate(struct inode *inode, uint64_t size) {
    struct node *node = node_of(inode);
    int error;

    begin_change(node);
    error = size_limit_change(inode->size, size);
    if (error == 0)
        error = set_size(node, size);
    if (error == 0)
        drop_set_ids(inode);
    end_change(node);
    return error;
}

/* ---- fallocate
 * ----------------------------------------------------------------------------------- */

/* Zeros within one page. */
static int clear_part(struct node *node, uint64_t offset, uint64_t end) {
    uint64_t page = offset / PAGE_BYTES;
    uint32_t frame;

    if (page >= node->file.backed && page_map_get(&node->file.pages, page) == NO_FRAME)
        return 0;
    frame = own_page(node, page);
    if (frame == NO_FRAME)
        return -ENOSPC;
    memset((char *)frame_pointer(frame) + offset % PAGE_BYTES, 0, (size_t)(end - offset));
    return 0;
}

/* Whole pages: those that the image has become zeros, the others go. */
static int clear_pages(struct node *node, uint64_t first, uint64_t end) {
    for (; first < end && first < node->file.backed; first++)
        if (clear_part(node, first * PAGE_BYTES, (first + 1) * PAGE_BYTES) != 0)
            return -ENOSPC;
    if (first < end) {
        drop_pages(node, first, end);
        file_mappings_drop(&node->inode, first, end, false);
    }
    return 0;
}

static int clear_range(struct node *node, uint64_t offset, uint64_t end) {
    uint64_t first = pages_of(offset), last = end / PAGE_BYTES;
    int error = 0;

    if (offset >= end)
        return 0;
    if (first > last)
        return clear_part(node, offset, end);
    if (offset % PAGE_BYTES != 0)
        error = clear_part(node, offset, first * PAGE_BYTES);
    if (error == 0)
        error = clear_pages(node, first, last);
    if (error == 0 && end % PAGE_BYTES != 0)
        error = clear_part(node, last * PAGE_BYTES, end);
    return error;
}

static int fill_range(struct node *node, uint64_t offset, uint64_t end) {
    for (uint64_t page = offset / PAGE_BYTES; page < pages_of(end); page++)
        if (page >= node->file.backed && own_page(node, page) == NO_FRAME)
            return -ENOSPC;
    return 0;
}

static int allocate_range(struct node *node, uint32_t flags, uint64_t offset, uint64_t end) {
    uint64_t cleared_end = end < node->inode.size ? end : node->inode.size;
    int error = 0;

    if ((flags & ALLOCATE_PUNCH_HOLE) == 0)
        error = size_limit_change(node->inode.size, end);
    if (error == 0 && (flags & (ALLOCATE_PUNCH_HOLE | ALLOCATE_ZERO_RANGE)) != 0)
        error = clear_range(node, offset, cleared_end);
    if (error == 0 && (flags & ALLOCATE_PUNCH_HOLE) == 0)
        error = fill_range(node, offset, end);
    if (error == 0 && (flags & (ALLOCATE_KEEP_SIZE | ALLOCATE_PUNCH_HOLE)) == 0 &&
        end > node->inode.size)
        error = set_size(node, end);
    if (error == 0)
        node_touch(node);
    return error;
}

int tree_allocate(struct inode *inode, uint32_t flags, uint64_t offset, uint64_t length) {
    struct node *node = node_of(inode);
    int error;

    if ((flags & ~(ALLOCATE_KEEP_SIZE | ALLOCATE_PUNCH_HOLE | ALLOCATE_ZERO_RANGE)) != 0 ||
        (flags & (ALLOCATE_PUNCH_HOLE | ALLOCATE_KEEP_SIZE)) == ALLOCATE_PUNCH_HOLE)
        return -EOPNOTSUPP;
    if (offset > FILE_BYTES_MAX || length > FILE_BYTES_MAX - offset)
        return -EFBIG;
    begin_change(node);
    error = allocate_range(node, flags, offset, offset + length);
    end_change(node);
    return error;
}

/* ---- What else a file answers
 * -------------------------------------------------------------------- */

uint64_t tree_blocks(struct inode *inode) {
    const struct node *node = node_of(inode);

    if (!MODE_IS(inode->mode, S_IFREG))
        return node->backing != NULL ? pages_of(inode->size) * 8 : 0;
    return node->file.backed != 0 ? pages_of(inode->size) * 8
                                  : (uint64_t)node->file.pages.count * 8;
}

/* The first byte at or after `offset` that is data (or, if not `data`, in a hole). */
static uint64_t find(const struct node *node, uint64_t offset, bool data) {
    uint64_t page = offset / PAGE_BYTES;

    while (page < pages_of(node->inode.size)) {
        bool has = page < node->file.backed || page_map_get(&node->file.pages, page) != NO_FRAME;

        if (has == data)
            return page * PAGE_BYTES > offset ? page * PAGE_BYTES : offset;
        page = data ? page_map_next(&node->file.pages, page) : page + 1;
    }
    return node->inode.size;
}

int tree_seek(struct file *file, int64_t offset, int whence, uint64_t *result) {
    struct node *node = node_of(file->inode);
    uint64_t found;

    if (whence == SEEK_DATA || whence == SEEK_HOLE) {
        if (offset < 0 || (uint64_t)offset >= node->inode.size)
            return -ENXIO;
        found = find(node, (uint64_t)offset, whence == SEEK_DATA);
        if (whence == SEEK_DATA && found >= node->inode.size)
            return -ENXIO;
        *result = found;
        return 0;
    }
    if (whence == SEEK_CUR)
        offset += (int64_t)file->offset;
    else if (whence == SEEK_END)
        offset += (int64_t)node->inode.size;
    else if (whence != SEEK_SET)
        return -EINVAL;
    if (offset < 0 || (uint64_t)offset > FILE_BYTES_MAX)
        return -EINVAL;
    *result = (uint64_t)offset;
    return 0;
}

int tree_page(struct file *file, uint64_t page, bool for_write, struct file_page *result) {
    struct node *node = node_of(file->inode);
    uint32_t image_page, frame = page_map_get(&node->file.pages, page);

    if (page >= pages_of(node->inode.size))
        return -ENXIO;
    if (frame == NO_FRAME && !for_write && page < node->file.backed &&
        erofs_page(&tree_of(node)->image, node->backing, page, &image_page) == 0) {
        *result = (struct file_page){true, tree_of(node)->image_handle << 20 | image_page};
        return 0;
    }
    frame = own_page(node, page);
    if (frame == NO_FRAME)
        return -ENOSPC;
    if (for_write)
        node_touch(node);
    if (node->pinned)
        node->inode.accessed = timestamp_now();
    frame_hold(frame);
    *result = (struct file_page){false, frame};
    return 0;
}
