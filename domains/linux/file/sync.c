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

FILE_CALL_6(sync_file_range, descriptor, low, high, length_low, length_high, flags) {
    (void)low, (void)high, (void)length_low, (void)length_high;
    return (flags & ~7u) != 0 ? -EINVAL : sync_descriptor(descriptor);
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
static int32_t advise(uint32_t descriptor, uint32_t advice) {
    struct file *file = descriptor_file(descriptor);
    int32_t result = 0;

    if (file == NULL)
        return -EBADF;
    if (file_is_pipe(file))
        result = -ESPIPE;
    else if (advice >= ADVICE_COUNT)
        result = -EINVAL;
    file_release(file);
    return result;
}

FILE_CALL_5(fadvise64, descriptor, low, high, length, advice) {
    (void)low, (void)high, (void)length;
    return advise(descriptor, advice);
}

FILE_CALL_6(fadvise64_64, descriptor, low, high, length_low, length_high, advice) {
    (void)low, (void)high, (void)length_low, (void)length_high;
    return advise(descriptor, advice);
}

FILE_CALL_1(readahead, descriptor) {
    return advise(descriptor, 0);
}
