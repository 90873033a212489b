// SPDX-License-Identifier: MIT
/*
 * Copying from file to file inside the manager: sendfile, splice, copy_file_range. The bytes pass
 * through one page.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/io_count.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/fs/pipe.h"

#define PIECE PATH_BYTES /* a path buffer serves as the page between */

struct side {
    struct file *file; /* held */
    uint32_t user;     /* where the app keeps the offset; 0: the description's own counts */
    uint64_t offset;
    bool at_once; /* a pipe that is not ready is not waited for */
};

static bool has_offset(const struct side *side) {
    return side->file->operations->seek != NULL;
}

/* Writes all of it, unless an error comes: bytes written, or a negative errno. */
static int write_all(struct side *to, char *bytes, uint32_t count) {
    uint32_t total = 0;

    while (total < count) {
        struct transfer transfer;
        int moved;

        transfer_kernel(&transfer, bytes + total, count - total);
        moved = to->file->operations->write(to->file, &transfer, &to->offset);
        if (moved <= 0)
            return total > 0 ? (int)total : moved;
        total += (uint32_t)moved;
    }
    return (int)total;
}

/* One piece: bytes that arrived, 0 at the end of the source. */
static int copy_piece(struct side *from, struct side *to, char *buffer, uint32_t count) {
    struct transfer transfer;
    uint64_t before = from->offset;
    int read, written;

    transfer_kernel(&transfer, buffer, count);
    read = from->file->operations->read(from->file, &transfer, &from->offset);
    if (read <= 0)
        return read;
    written = write_all(to, buffer, (uint32_t)read);
    if (written < read)
        from->offset = before + (written > 0 ? (uint32_t)written : 0);
    return written;
}

static bool would_wait(const struct side *side, uint32_t events) {
    return side->at_once && file_is_pipe(side->file) &&
           (side->file->operations->poll(side->file) & (events | POLLERR | POLLHUP)) == 0;
}

/* Stops early once something was moved and the source is a pipe: what comes next may take long. */
static int32_t copy_bytes(struct side *from, struct side *to, uint32_t count) {
    char *buffer = path_buffer();
    uint32_t total = 0;
    int moved = -ENOMEM;

    while (buffer != NULL && total < count) {
        uint32_t piece = count - total < PIECE ? count - total : PIECE;

        moved = would_wait(from, POLLIN) || would_wait(to, POLLOUT)
                    ? -EAGAIN
                    : copy_piece(from, to, buffer, piece);
        if (moved <= 0)
            break;
        total += (uint32_t)moved;
        if ((uint32_t)moved < piece || !has_offset(from))
            break;
    }
    path_buffer_free(buffer);
    if (total > 0) {
        notify_file(from->file, IN_ACCESS);
        notify_file(to->file, IN_MODIFY);
    }
    io_count_read((int32_t)total);
    io_count_written((int32_t)total);
    return total > 0 || count == 0 ? (int32_t)total : moved;
}

static bool uses_own_offset(const struct side *side) {
    return side->user == 0 && has_offset(side);
}

/* Both descriptions' own offsets, as far as they count, for this copy alone. A copy that may
 * wait for a pipe takes none: nobody else should wait with it. */
static void take_own_offsets(const struct side *from, const struct side *to) {
    const struct side *first = from->file < to->file ? from : to;
    const struct side *second = first == from ? to : from;

    if (!has_offset(from) || !has_offset(to))
        return;
    if (uses_own_offset(first))
        file_take_offset(first->file);
    if (uses_own_offset(second) && !(first->file == second->file && uses_own_offset(first)))
        file_take_offset(second->file);
}

static void give_own_offsets(const struct side *from, const struct side *to) {
    if (!has_offset(from) || !has_offset(to))
        return;
    if (uses_own_offset(from))
        file_give_offset(from->file);
    if (uses_own_offset(to))
        file_give_offset(to->file);
}

static int load_offset(struct side *side) {
    side->offset = side->file->offset;
    if (side->user == 0)
        return 0;
    if (!has_offset(side))
        return -ESPIPE;
    if (copy_in(&side->offset, side->user, sizeof side->offset) != 0)
        return -EFAULT;
    return (int64_t)side->offset < 0 ? -EINVAL : 0;
}

static int store_offset(const struct side *side) {
    if (side->user != 0)
        return copy_out(side->user, &side->offset, sizeof side->offset);
    if (has_offset(side))
        side->file->offset = side->offset;
    return 0;
}

static int check_sides(const struct side *from, const struct side *to) {
    if (!file_is_readable(from->file) || !file_is_writable(to->file))
        return -EBADF;
    if (MODE_IS(from->file->inode->mode, S_IFDIR) || MODE_IS(to->file->inode->mode, S_IFDIR))
        return -EISDIR;
    return from->file->operations->read == NULL || to->file->operations->write == NULL ? -EINVAL
                                                                                       : 0;
}

/* `count` bytes between the offsets that are loaded. */
static int32_t copy_loaded(struct side *from, struct side *to, uint32_t count) {
    int32_t result = copy_bytes(from, to, count < INT32_MAX ? count : INT32_MAX);

    if (result >= 0 && (store_offset(from) != 0 || store_offset(to) != 0))
        result = -EFAULT;
    return result;
}

static int32_t copy_sides(struct side *from, struct side *to, uint32_t count) {
    int32_t result;

    take_own_offsets(from, to);
    result = load_offset(from);
    if (result == 0)
        result = load_offset(to);
    if (result == 0)
        result = copy_loaded(from, to, count);
    give_own_offsets(from, to);
    return result;
}

static int get_sides(struct side *from, uint32_t in, struct side *to, uint32_t out) {
    from->file = descriptor_file(in);
    to->file = descriptor_file(out);
    return from->file == NULL || to->file == NULL ? -EBADF : check_sides(from, to);
}

static void release_sides(struct side *from, struct side *to) {
    if (from->file != NULL)
        file_release(from->file);
    if (to->file != NULL)
        file_release(to->file);
}

FILE_CALL_4(sendfile64, out, in, offset, count) {
    struct side from = {.user = offset}, to = {0};
    int32_t result = get_sides(&from, in, &to, out);

    if (result == -EISDIR || (result == 0 && !has_offset(&from)))
        result = -EINVAL;
    if (result == 0)
        result = copy_sides(&from, &to, count);
    release_sides(&from, &to);
    return result;
}

/* The same with a 32-bit offset in the app's memory. */
static int32_t send_from(struct side *from, struct side *to, uint32_t user, uint32_t count) {
    int32_t start, result;

    if (copy_in(&start, user, sizeof start) != 0)
        return -EFAULT;
    if (start < 0)
        return -EINVAL;
    from->user = user; /* the description's own offset does not count */
    take_own_offsets(from, to);
    from->offset = (uint64_t)start;
    to->offset = to->file->offset;
    result = copy_bytes(from, to, count < INT32_MAX ? count : INT32_MAX);
    (void)store_offset(to);
    give_own_offsets(from, to);
    start = (int32_t)from->offset;
    return copy_out(user, &start, sizeof start) != 0 ? -EFAULT : result;
}

FILE_CALL_4(sendfile, out, in, offset, count) {
    struct side from = {0}, to = {0};
    int32_t result = get_sides(&from, in, &to, out);

    if (result == -EISDIR || (result == 0 && !has_offset(&from)))
        result = -EINVAL;
    if (result == 0)
        result = offset == 0 ? copy_sides(&from, &to, count) : send_from(&from, &to, offset, count);
    release_sides(&from, &to);
    return result;
}

#define SPLICE_NONBLOCK 2u
#define SPLICE_FLAGS    0xFu

FILE_CALL_6(splice, in, in_offset, out, out_offset, count, flags) {
    bool at_once = (flags & SPLICE_NONBLOCK) != 0;
    struct side from = {.user = in_offset, .at_once = at_once},
                to = {.user = out_offset, .at_once = at_once};
    int32_t result = get_sides(&from, in, &to, out);

    if (result == -EISDIR || (flags & ~SPLICE_FLAGS) != 0)
        result = -EINVAL;
    if (result == 0 && ((!file_is_pipe(from.file) && !file_is_pipe(to.file)) ||
                        files_are_one_pipe(from.file, to.file)))
        result = -EINVAL;
    if (result == 0)
        result = copy_sides(&from, &to, count);
    release_sides(&from, &to);
    return result;
}

static bool is_regular(const struct side *side) {
    return MODE_IS(side->file->inode->mode, S_IFREG);
}

static bool ranges_overlap(const struct side *from, const struct side *to, uint32_t count) {
    return from->file->inode == to->file->inode && from->offset < to->offset + count &&
           to->offset < from->offset + count;
}

static int32_t copy_range(struct side *from, struct side *to, uint32_t count) {
    int32_t result;

    if (!is_regular(from) || !is_regular(to))
        return -EINVAL;
    if ((to->file->flags & O_APPEND) != 0)
        return -EBADF;
    take_own_offsets(from, to);
    result = load_offset(from);
    if (result == 0)
        result = load_offset(to);
    if (result == 0)
        result = ranges_overlap(from, to, count) ? -EINVAL : copy_loaded(from, to, count);
    give_own_offsets(from, to);
    return result;
}

FILE_CALL_6(copy_file_range, in, in_offset, out, out_offset, count, flags) {
    struct side from = {.user = in_offset}, to = {.user = out_offset};
    int32_t result = get_sides(&from, in, &to, out);

    if (result == 0)
        result = flags != 0 ? -EINVAL : copy_range(&from, &to, count);
    release_sides(&from, &to);
    return result;
}
