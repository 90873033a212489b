// SPDX-License-Identifier: MIT
/*
 * read, write, and their vectored and positioned forms; lseek.
 *
 * Reads and writes at the description's own offset are one after the other (`moving`), because the
 * copying releases the manager's lock: two processes that share a description must not write to the
 * same place. Files without an offset (pipes, terminals) know no such order.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/io_count.h"
#include "domains/linux/file/notify.h"

#include "kernel/abi/gate.h"

#define BYTES_MAX 0x7FFFF000u /* of one call */

enum direction { READING, WRITING };

static struct wait_queue offset_queue;

static bool has_offset(const struct file *file) {
    return file->operations->seek != NULL;
}

void file_take_offset(struct file *file) {
    while (file->moving)
        wait_uninterrupted(&offset_queue, DEADLINE_NEVER);
    file->moving = true;
}

void file_give_offset(struct file *file) {
    file->moving = false;
    wait_wake(&offset_queue);
}

static inline int check(const struct file *file, enum direction direction) {
    if (direction == READING ? !file_is_readable(file) : !file_is_writable(file))
        return -EBADF;
    if (direction == READING && file->operations->read == NULL)
        return MODE_IS(file->inode->mode, S_IFDIR) ? -EISDIR : -EINVAL;
    return direction == WRITING && file->operations->write == NULL ? -EINVAL : 0;
}

static inline int move(struct file *file, enum direction direction, struct transfer *transfer,
                       uint64_t *offset) {
    int moved;

    if (direction == READING) {
        moved = file->operations->read(file, transfer, offset);
        io_count_read(moved);
    } else {
        moved = file->operations->write(file, transfer, offset);
        io_count_written(moved);
    }
    if (moved > 0)
        notify_file(file, direction == READING ? IN_ACCESS : IN_MODIFY);
    return moved;
}

/* At the description's own offset. */
static inline int move_on(struct file *file, enum direction direction, struct transfer *transfer) {
    uint64_t unused = 0;
    bool in_order = has_offset(file) && !file->operations->is_without_position;
    int moved;

    if (in_order)
        file_take_offset(file);
    moved = move(file, direction, transfer, in_order ? &file->offset : &unused);
    if (in_order)
        file_give_offset(file);
    return moved;
}

static int move_at(struct file *file, enum direction direction, struct transfer *transfer,
                   int64_t offset) {
    uint64_t position = (uint64_t)offset;

    if (offset < 0 || offset > INT64_MAX - (int64_t)transfer->total)
        return -EINVAL;
    return has_offset(file) ? move(file, direction, transfer, &position) : -ESPIPE;
}

static uint32_t limited(uint32_t bytes) {
    return bytes < BYTES_MAX ? bytes : BYTES_MAX;
}

/* Inline, as what it calls: most calls are one of these two, and each is compiled for its direction. */
static inline int32_t with_buffer(uint32_t descriptor, enum direction direction, uint32_t buffer,
                                  uint32_t bytes) {
    struct file *file = descriptor_file(descriptor);
    struct transfer transfer;
    int result;

    if (file == NULL)
        return -EBADF;
    result = check(file, direction);
    if (result == 0) {
        transfer_user(&transfer, buffer, limited(bytes));
        result = move_on(file, direction, &transfer);
    }
    file_release(file);
    return result;
}

static int32_t with_buffer_at(uint32_t descriptor, enum direction direction, uint32_t buffer,
                              uint32_t bytes, uint64_t offset) {
    struct file *file = descriptor_file(descriptor);
    struct transfer transfer;
    int result;

    if (file == NULL)
        return -EBADF;
    result = check(file, direction);
    if (result == 0) {
        transfer_user(&transfer, buffer, limited(bytes));
        result = move_at(file, direction, &transfer, (int64_t)offset);
    }
    file_release(file);
    return result;
}

/* `positioned`: at `offset`, else at the description's own. */
static int32_t with_vector(uint32_t descriptor, enum direction direction, uint32_t vector,
                           uint32_t count, bool positioned, uint64_t offset) {
    struct file *file = descriptor_file(descriptor);
    struct transfer transfer;
    int result;

    if (file == NULL)
        return -EBADF;
    result = check(file, direction);
    if (result == 0)
        result = transfer_iovec(&transfer, vector, count);
    if (result == 0) {
        result = positioned ? move_at(file, direction, &transfer, (int64_t)offset)
                            : move_on(file, direction, &transfer);
    }
    file_release(file);
    return result;
}

FILE_CALL_3(read, descriptor, buffer, bytes) {
    return with_buffer(descriptor, READING, buffer, bytes);
}

FILE_CALL_3(write, descriptor, buffer, bytes) {
    return with_buffer(descriptor, WRITING, buffer, bytes);
}

FILE_CALL_5(pread64, descriptor, buffer, bytes, low, high) {
    return with_buffer_at(descriptor, READING, buffer, bytes, pair(low, high));
}

FILE_CALL_5(pwrite64, descriptor, buffer, bytes, low, high) {
    return with_buffer_at(descriptor, WRITING, buffer, bytes, pair(low, high));
}

FILE_CALL_3(readv, descriptor, vector, count) {
    return with_vector(descriptor, READING, vector, count, false, 0);
}

FILE_CALL_3(writev, descriptor, vector, count) {
    return with_vector(descriptor, WRITING, vector, count, false, 0);
}

FILE_CALL_5(preadv, descriptor, vector, count, low, high) {
    return with_vector(descriptor, READING, vector, count, true, pair(low, high));
}

FILE_CALL_5(pwritev, descriptor, vector, count, low, high) {
    return with_vector(descriptor, WRITING, vector, count, true, pair(low, high));
}

/* ---- lseek ----------------------------------------------------------------------------------- */

/* A directory's offset is what its listing gave out. */
static int seek_directory(struct file *file, int64_t offset, int whence, uint64_t *result) {
    if (whence == SEEK_CUR)
        offset += (int64_t)file->offset;
    else if (whence != SEEK_SET)
        return -EINVAL;
    *result = (uint64_t)offset;
    return offset < 0 ? -EINVAL : 0;
}

static int seek(uint32_t descriptor, int64_t offset, uint32_t whence, uint64_t *result) {
    struct file *file = descriptor_file(descriptor);
    int error = -ESPIPE;

    if (file == NULL)
        return -EBADF;
    if ((file->flags & O_PATH) != 0)
        error = -EBADF;
    else if (file->operations->list != NULL)
        error = seek_directory(file, offset, (int)whence, result);
    else if (has_offset(file))
        error = file->operations->seek(file, offset, (int)whence, result);
    if (error == 0) {
        file_take_offset(file);
        file->offset = *result;
        file_give_offset(file);
    }
    file_release(file);
    return error;
}

FILE_CALL_3(lseek, descriptor, offset, whence) {
    uint64_t result = 0;
    int error = seek(descriptor, (int32_t)offset, whence, &result);

    if (error == 0 && result > INT32_MAX)
        error = -EOVERFLOW;
    return error != 0 ? error : (int32_t)result;
}

FILE_CALL_5(llseek, descriptor, high, low, user_result, whence) {
    uint64_t result = 0;
    int error = seek(descriptor, (int64_t)pair(low, high), whence, &result);

    return error != 0 ? error : copy_out(user_result, &result, sizeof result);
}
