// SPDX-License-Identifier: MIT
/*
 * The calls about when data reaches a medium, and hints about what will be read.
 */
#include "domains/linux/block/block.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/fs/pipe.h"

FILE_CALL_0(sync) {
    (void)block_sync_all(); /* sync(2) cannot fail; fsync tells */
    return 0;
}

static int32_t sync_descriptor(uint32_t descriptor) {
    struct file *file = descriptor_file(descriptor);
    int32_t result;

    if (file == NULL)
        return -EBADF;
    if ((file->flags & O_PATH) != 0)
        result = -EBADF;
    else
        result = file->operations->sync == NULL ? -EINVAL : file->operations->sync(file);
    file_release(file);
    return result;
}

FILE_CALL_1(fsync, descriptor) {
    return sync_descriptor(descriptor);
}

FILE_CALL_1(fdatasync, descriptor) {
    return sync_descriptor(descriptor);
}

static bool is_range(uint64_t offset, uint64_t length) {
    return (int64_t)offset >= 0 && (int64_t)length >= 0 && (int64_t)(offset + length) >= 0;
}

static bool has_pages(const struct file *file) {
    return MODE_IS(file->inode->mode, S_IFREG) || MODE_IS(file->inode->mode, S_IFBLK);
}

FILE_CALL_6(sync_file_range, descriptor, low, high, length_low, length_high, flags) {
    struct file *file = descriptor_file(descriptor);
    int32_t result = 0;

    if (file == NULL)
        return -EBADF;
    if ((flags & ~7u) != 0 || !is_range(pair(low, high), pair(length_low, length_high)))
        result = -EINVAL;
    else if (!has_pages(file) && !MODE_IS(file->inode->mode, S_IFDIR))
        result = -ESPIPE;
    file_release(file);
    return result != 0 ? result : sync_descriptor(descriptor);
}

FILE_CALL_1(syncfs, descriptor) {
    struct file *file = descriptor_file(descriptor);

    if (file == NULL)
        return -EBADF;
    file_release(file);
    return block_sync_all();
}

#define ADVICE_COUNT 6u /* POSIX_FADV_NORMAL … NOREUSE */

/* Hints: checked, and then there is nothing to do. */
static int32_t advise(uint32_t descriptor, uint64_t length, uint32_t advice) {
    struct file *file = descriptor_file(descriptor);
    int32_t result = 0;

    if (file == NULL)
        return -EBADF;
    if (file_is_pipe(file))
        result = -ESPIPE;
    else if (advice >= ADVICE_COUNT || (int64_t)length < 0)
        result = -EINVAL;
    file_release(file);
    return result;
}

FILE_CALL_5(fadvise64, descriptor, low, high, length, advice) {
    (void)low, (void)high;
    return advise(descriptor, length, advice);
}

FILE_CALL_6(fadvise64_64, descriptor, low, high, length_low, length_high, advice) {
    (void)low, (void)high;
    return advise(descriptor, pair(length_low, length_high), advice);
}

FILE_CALL_1(readahead, descriptor) {
    struct file *file = descriptor_file(descriptor);
    int32_t result;

    if (file == NULL)
        return -EBADF;
    result = !file_is_readable(file) ? -EBADF : has_pages(file) ? 0 : -EINVAL;
    file_release(file);
    return result;
}
