// SPDX-License-Identifier: MIT
/*
 * Inodes that no directory has: behind pipes, sockets and the like.
 */
#include "domains/lib/heap.h"
#include "domains/lib/text.h"
#include "domains/linux/file/file.h"
#include "domains/linux/process/process.h"

#include <stddef.h>

#define PATH_BYTES 32

static void free_inode(struct inode *inode) {
    heap_free(inode);
}

static int keep_change(struct inode *inode) {
    (void)inode;
    return 0;
}

struct inode *inode_make_anonymous(uint32_t mode) {
    static const struct inode_operations operations = {.free = free_inode, .changed = keep_change};
    static uint32_t last_number;
    struct inode *inode = heap_allocate(sizeof *inode);
    if (inode == NULL)
        return NULL;
    inode->references = 1;
    inode->number = ++last_number;
    inode->mode = mode;
    inode->links = 1;
    inode->uid = current_process()->euid;
    inode->gid = current_process()->egid;
    inode->accessed = inode->modified = inode->changed = timestamp_now();
    inode->operations = &operations;
    return inode;
}

struct file *file_make_anonymous(const char *kind, uint32_t mode, uint32_t flags,
                                 const struct file_operations *operations, void *private) {
    struct inode *inode = inode_make_anonymous(mode);
    struct file *file = inode != NULL ? file_make(inode, flags, operations, private) : NULL;
    if (file != NULL && (file->path = heap_allocate(PATH_BYTES)) != NULL)
        text_format(file->path, PATH_BYTES, "%s:[%u]", kind, inode->number);
    if (inode != NULL)
        inode_release(inode);
    return file;
}
