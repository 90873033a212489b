// SPDX-License-Identifier: MIT
/*
 * The data of a tree's files. A page of a file comes from the first of these that has it:
 *
 *   its page map (a frame of the tenant)  >  the image (below `backed`)  >  nothing: zeros
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

#include "kernel/abi/gate.h"

static const char zeros[PAGE_BYTES];

static uint32_t minimum(uint64_t a, uint64_t b) {
    return (uint32_t)(a < b ? a : b);
}

void node_begin_change(struct node *node) {
    while (node->file.changing)
        wait_uninterrupted(&node->file.waiting, DEADLINE_NEVER);
    node->file.changing = true;
}

void node_end_change(struct node *node) {
    node->file.changing = false;
    wait_wake(&node->file.waiting);
}

void node_drop_pages(struct node *node, uint64_t first, uint64_t end) {
    uint32_t before = node->file.pages.count;

    page_map_remove(&node->file.pages, first, end);
    tree_of(node)->pages -= before - node->file.pages.count;
}

uint32_t node_own_page(struct node *node, uint64_t page) {
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

/* ---- Reading --------------------------------------------------------------------------------- */

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

int node_clear_behind(struct node *node, uint64_t size) {
    uint64_t page = size / PAGE_BYTES;
    uint32_t within = (uint32_t)size % PAGE_BYTES, frame;

    if (within == 0 ||
        (page >= node->file.backed && page_map_get(&node->file.pages, page) == NO_FRAME))
        return 0;
    frame = node_own_page(node, page);
    if (frame == NO_FRAME)
        return -ENOSPC;
    memset((char *)frame_pointer(frame) + within, 0, PAGE_BYTES - within);
    return 0;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static int write_pieces(struct node *node, struct transfer *from, uint64_t *offset) {
    int total = 0;

    while (from->total > 0) {
        uint32_t within = (uint32_t)*offset % PAGE_BYTES;
        uint32_t wanted = minimum(from->total, PAGE_BYTES - within), frame;
        int moved;

        if (*offset >= FILE_BYTES_MAX)
            return total > 0 ? total : -EFBIG;
        frame = node_own_page(node, *offset / PAGE_BYTES);
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
    node_drop_pages(node, pages_of(node->inode.size), UINT64_MAX);
}

/* Before bytes go to `offset`: 0, or why none do. */
static int prepare_write(struct node *node, struct transfer *from, uint64_t offset) {
    int refused = size_limit_write(offset, &from->total);

    if (refused != 0)
        return refused;
    drop_set_ids(&node->inode);
    return offset > node->inode.size ? node_clear_behind(node, node->inode.size) : 0;
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
    node_begin_change(node);
    start = (file->flags & O_APPEND) != 0 ? node->inode.size : *offset;
    written = write_at(node, from, &start);
    if (written > 0)
        *offset = start;
    node_end_change(node);
    return written;
}

/* ---- What else a file answers ---------------------------------------------------------------- */

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
    frame = node_own_page(node, page);
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
