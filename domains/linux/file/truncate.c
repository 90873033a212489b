// SPDX-License-Identifier: MIT
/*
 * The calls that change how long a file is, and what of it has memory: truncate, fallocate.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/target.h"

#define CWD ((uint32_t)AT_FDCWD)

static int set_size(const struct path *path, uint64_t size) {
    struct inode *inode = path->inode;

    if (MODE_IS(inode->mode, S_IFDIR))
        return -EISDIR;
    if (!MODE_IS(inode->mode, S_IFREG) || inode->operations->truncate == NULL || (int64_t)size < 0)
        return -EINVAL;
    if (path->mount != NULL && (path->mount->flags & MOUNT_READ_ONLY) != 0)
        return -EROFS;
    return inode->operations->truncate(inode, size);
}

static int32_t truncate_path(uint32_t path, uint64_t size) {
    struct target target;
    int error;

    if ((int64_t)size < 0)
        return -EINVAL;
    error = target_find_path(CWD, path, 0, &target);
    if (error != 0)
        return error;
    error = permission_check(target.path.inode, MAY_WRITE);
    if (error == 0 && target.path.inode->programs > 0)
        error = -ETXTBSY;
    if (error == 0)
        error = set_size(&target.path, size);
    if (error == 0)
        target_tell(&target, IN_MODIFY);
    target_release(&target);
    return error;
}

static int32_t truncate_descriptor(uint32_t descriptor, uint64_t size) {
    struct file *file = descriptor_file(descriptor);
    int error;

    if (file == NULL)
        return -EBADF;
    if ((file->flags & O_PATH) != 0)
        error = -EBADF;
    else if (!file_is_writable(file) || MODE_IS(file->inode->mode, S_IFDIR))
        error = -EINVAL;
    else
        error = set_size(&(struct path){file->mount, file->inode}, size);
    if (error == 0)
        notify_file(file, IN_MODIFY);
    file_release(file);
    return error;
}

FILE_CALL_2(truncate, path, size) {
    return truncate_path(path, (uint64_t)(int32_t)size);
}

FILE_CALL_2(ftruncate, descriptor, size) {
    return truncate_descriptor(descriptor, (uint64_t)(int32_t)size);
}

FILE_CALL_3(truncate64, path, low, high) {
    return truncate_path(path, pair(low, high));
}

FILE_CALL_3(ftruncate64, descriptor, low, high) {
    return truncate_descriptor(descriptor, pair(low, high));
}

FILE_CALL_6(fallocate, descriptor, flags, low, high, length_low, length_high) {
    struct file *file = descriptor_file(descriptor);
    uint64_t offset = pair(low, high), length = pair(length_low, length_high);
    int error = 0;

    if (file == NULL)
        return -EBADF;
    if ((int64_t)offset < 0 || (int64_t)length <= 0)
        error = -EINVAL;
    else if (!file_is_writable(file))
        error = -EBADF;
    else if (MODE_IS(file->inode->mode, S_IFIFO))
        error = -ESPIPE;
    else if (!MODE_IS(file->inode->mode, S_IFREG))
        error = -ENODEV;
    else if (file->inode->operations->allocate == NULL)
        error = -EOPNOTSUPP;
    else
        error = file->inode->operations->allocate(file->inode, flags, offset, length);
    if (error == 0)
        notify_file(file, IN_MODIFY);
    file_release(file);
    return error;
}
