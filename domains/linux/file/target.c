// SPDX-License-Identifier: MIT
/*
 * A change is made, asked about, told. What the file system refuses is set back before anybody else has seen it.
 */
#include "domains/linux/file/target.h"

#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"

struct attributes inode_attributes(const struct inode *inode) {
    return (struct attributes){inode->mode, inode->uid, inode->gid, inode->accessed,
                               inode->modified};
}

static void assign(struct inode *inode, const struct attributes *attributes) {
    inode->mode = attributes->mode;
    inode->uid = attributes->uid;
    inode->gid = attributes->gid;
    inode->accessed = attributes->accessed;
    inode->modified = attributes->modified;
}

void target_tell(const struct target *target, uint32_t events) {
    if (target->file != NULL)
        notify_file(target->file, events);
    else
        notify_found(&target->walk, &target->path, events);
}

int target_change(const struct target *target, const struct attributes *wanted, uint32_t events) {
    const struct path *path = &target->path;
    struct inode *inode = path->inode;
    struct attributes before = inode_attributes(inode);
    int error;

    if (path->mount != NULL && (path->mount->flags & MOUNT_READ_ONLY) != 0)
        return -EROFS;
    if (inode->operations->changed == NULL)
        return -EPERM;
    assign(inode, wanted);
    error = inode->operations->changed(inode);
    if (error != 0) {
        assign(inode, &before);
        return error;
    }
    inode->changed = timestamp_now();
    target_tell(target, events);
    return 0;
}

int target_find_path(uint32_t directory, uint32_t path, uint32_t flags, struct target *target) {
    target->file = NULL;
    return path_find(&target->walk, (int)directory, path, flags, &target->path);
}

int target_find_descriptor(uint32_t descriptor, struct target *target) {
    struct file *file = descriptor_file(descriptor);

    if (file == NULL)
        return -EBADF;
    if ((file->flags & O_PATH) != 0) {
        file_release(file);
        return -EBADF;
    }
    target->file = file;
    target->path = (struct path){file->mount, file->inode};
    path_hold(&target->path);
    return 0;
}

void target_release(struct target *target) {
    if (target->file != NULL)
        file_release(target->file);
    else
        walk_end(&target->walk);
    path_release(&target->path);
}
