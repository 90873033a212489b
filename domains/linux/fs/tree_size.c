// SPDX-License-Identifier: MIT
/*
 * How long a tree's files are, and what of them has memory: truncate and fallocate.
 *
 * What a file loses, its mappings lose at once (memory/file_mappings.h), so that none shows a page that is no longer the file's.
 */
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/file/size_limit.h"
#include "domains/linux/fs/tree_node.h"
#include "domains/linux/memory/file_mappings.h"

#define ALLOCATE_KEEP_SIZE  1u /* FALLOC_FL_* */
#define ALLOCATE_PUNCH_HOLE 2u
#define ALLOCATE_ZERO_RANGE 16u

static uint64_t minimum_size(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static int set_size(struct node *node, uint64_t size) {
    int error;

    if (size > FILE_BYTES_MAX)
        return -EFBIG;
    error = node_clear_behind(node, minimum_size(size, node->inode.size));
    if (error != 0)
        return error;
    if (size < node->inode.size) {
        node_drop_pages(node, pages_of(size), UINT64_MAX);
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

    node_begin_change(node);
    error = size_limit_change(inode->size, size);
    if (error == 0)
        error = set_size(node, size);
    if (error == 0)
        drop_set_ids(inode);
    node_end_change(node);
    return error;
}

/* ---- fallocate ------------------------------------------------------------------------------- */

/* Zeros within one page. */
static int clear_part(struct node *node, uint64_t offset, uint64_t end) {
    uint64_t page = offset / PAGE_BYTES;
    uint32_t frame;

    if (page >= node->file.backed && page_map_get(&node->file.pages, page) == NO_FRAME)
        return 0;
    frame = node_own_page(node, page);
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
        node_drop_pages(node, first, end);
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
        if (page >= node->file.backed && node_own_page(node, page) == NO_FRAME)
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
    node_begin_change(node);
    error = allocate_range(node, flags, offset, offset + length);
    node_end_change(node);
    return error;
}
