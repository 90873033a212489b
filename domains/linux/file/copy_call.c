// SPDX-License-Identifier: MIT
/*
 * sendfile, splice, copy_file_range: from where to where a copy goes (copy.c), and who may ask for it.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/copy.h"
#include "domains/linux/file/size_limit.h"
#include "domains/linux/fs/pipe.h"

static uint32_t minimum(uint32_t a, uint64_t b) {
    return b < a ? (uint32_t)b : a;
}

static bool uses_own_offset(const struct copy_side *side) {
    return side->user == 0 && copy_has_offset(side);
}

/* Both descriptions' own offsets, as far as they count, for this copy alone. A copy that may
 * wait for a pipe takes none: nobody else should wait with it. */
static void take_own_offsets(const struct copy_side *from, const struct copy_side *to) {
    const struct copy_side *first = from->file < to->file ? from : to;
    const struct copy_side *second = first == from ? to : from;

    if (!copy_has_offset(from) || !copy_has_offset(to))
        return;
    if (uses_own_offset(first))
        file_take_offset(first->file);
    if (uses_own_offset(second) && !(first->file == second->file && uses_own_offset(first)))
        file_take_offset(second->file);
}

static void give_own_offsets(const struct copy_side *from, const struct copy_side *to) {
    if (!copy_has_offset(from) || !copy_has_offset(to))
        return;
    if (uses_own_offset(from))
        file_give_offset(from->file);
    if (uses_own_offset(to))
        file_give_offset(to->file);
}

static int load_offset(struct copy_side *side) {
    side->offset = side->file->offset;
    if (side->user == 0)
        return 0;
    if (!copy_has_offset(side))
        return -ESPIPE;
    if (copy_in(&side->offset, side->user, sizeof side->offset) != 0)
        return -EFAULT;
    return (int64_t)side->offset < 0 ? -EINVAL : 0;
}

static int store_offset(const struct copy_side *side) {
    if (side->user != 0)
        return copy_out(side->user, &side->offset, sizeof side->offset);
    if (copy_has_offset(side))
        side->file->offset = side->offset;
    return 0;
}

static int check_sides(const struct copy_side *from, const struct copy_side *to) {
    if (!file_is_readable(from->file) || !file_is_writable(to->file))
        return -EBADF;
    if (MODE_IS(from->file->inode->mode, S_IFDIR) || MODE_IS(to->file->inode->mode, S_IFDIR))
        return -EISDIR;
    return from->file->operations->read == NULL || to->file->operations->write == NULL ? -EINVAL
                                                                                       : 0;
}

/* `count` bytes between the offsets that are loaded. */
static int32_t copy_loaded(struct copy_side *from, struct copy_side *to, uint32_t count,
                           bool at_once) {
    int32_t result = copy_bytes(from, to, minimum(count, INT32_MAX), at_once);

    if (result >= 0 && (store_offset(from) != 0 || store_offset(to) != 0))
        result = -EFAULT;
    return result;
}

static int32_t copy_sides(struct copy_side *from, struct copy_side *to, uint32_t count,
                          bool at_once) {
    int32_t result;

    take_own_offsets(from, to);
    result = load_offset(from);
    if (result == 0)
        result = load_offset(to);
    if (result == 0)
        result = copy_loaded(from, to, count, at_once);
    give_own_offsets(from, to);
    return result;
}

static int get_sides(struct copy_side *from, uint32_t in, struct copy_side *to, uint32_t out) {
    from->file = descriptor_file(in);
    to->file = descriptor_file(out);
    return from->file == NULL || to->file == NULL ? -EBADF : check_sides(from, to);
}

static void release_sides(struct copy_side *from, struct copy_side *to) {
    if (from->file != NULL)
        file_release(from->file);
    if (to->file != NULL)
        file_release(to->file);
}

static bool only_appends(const struct copy_side *to) {
    return (to->file->flags & O_APPEND) != 0 && !file_is_pipe(to->file);
}

static int32_t get_sides_to_send(struct copy_side *from, uint32_t in, struct copy_side *to,
                                 uint32_t out) {
    int32_t result = get_sides(from, in, to, out);

    if (result == -EISDIR || (result == 0 && (!copy_has_offset(from) || only_appends(to))))
        result = -EINVAL;
    return result;
}

FILE_CALL_4(sendfile64, out, in, offset, count) {
    struct copy_side from = {.user = offset}, to = {0};
    int32_t result = get_sides_to_send(&from, in, &to, out);

    if (result == 0)
        result = copy_sides(&from, &to, count, false);
    release_sides(&from, &to);
    return result;
}

/* The same with a 32-bit offset in the app's memory. */
static int32_t send_from(struct copy_side *from, struct copy_side *to, uint32_t user,
                         uint32_t count) {
    int32_t start, result;

    if (copy_in(&start, user, sizeof start) != 0)
        return -EFAULT;
    if (start < 0)
        return -EINVAL;
    from->user = user; /* the description's own offset does not count */
    take_own_offsets(from, to);
    from->offset = (uint64_t)start;
    to->offset = to->file->offset;
    result = copy_bytes(from, to, minimum(count, INT32_MAX), false);
    (void)store_offset(to);
    give_own_offsets(from, to);
    start = (int32_t)from->offset;
    return copy_out(user, &start, sizeof start) != 0 ? -EFAULT : result;
}

FILE_CALL_4(sendfile, out, in, offset, count) {
    struct copy_side from = {0}, to = {0};
    int32_t result = get_sides_to_send(&from, in, &to, out);

    if (result == 0)
        result = offset == 0 ? copy_sides(&from, &to, count, false)
                             : send_from(&from, &to, offset, count);
    release_sides(&from, &to);
    return result;
}

#define SPLICE_NONBLOCK 2u
#define SPLICE_FLAGS    0xFu

/* One of the two is a pipe, and the other is another. */
static bool may_splice(const struct copy_side *from, const struct copy_side *to) {
    return (file_is_pipe(from->file) || file_is_pipe(to->file)) &&
           !files_are_one_pipe(from->file, to->file) && !only_appends(to);
}

FILE_CALL_6(splice, in, in_offset, out, out_offset, count, flags) {
    struct copy_side from = {.user = in_offset}, to = {.user = out_offset};
    int32_t result;

    if (count == 0)
        return 0;
    if ((flags & ~SPLICE_FLAGS) != 0)
        return -EINVAL;
    result = get_sides(&from, in, &to, out);
    if (result == -EISDIR || (result == 0 && !may_splice(&from, &to)))
        result = -EINVAL;
    if (result == 0)
        result = copy_sides(&from, &to, count, (flags & SPLICE_NONBLOCK) != 0);
    release_sides(&from, &to);
    return result;
}

static bool is_regular(const struct copy_side *side) {
    return MODE_IS(side->file->inode->mode, S_IFREG);
}

static bool ranges_overlap(const struct copy_side *from, const struct copy_side *to,
                           uint32_t count) {
    return from->file->inode == to->file->inode && from->offset < to->offset + count &&
           to->offset < from->offset + count;
}

/* Cuts the count to what there is, and to what the target may grow by. */
static int bound_range(const struct copy_side *from, const struct copy_side *to, uint32_t *count) {
    uint64_t size = from->file->inode->size;
    int error;

    *count = from->offset < size ? minimum(*count, size - from->offset) : 0;
    error = size_limit_write(to->offset, count);
    if (error == 0 && ranges_overlap(from, to, *count))
        error = -EINVAL;
    return error;
}

static int32_t copy_range(struct copy_side *from, struct copy_side *to, uint32_t count) {
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
        result = bound_range(from, to, &count);
    if (result == 0)
        result = copy_loaded(from, to, count, false);
    give_own_offsets(from, to);
    return result;
}

FILE_CALL_6(copy_file_range, in, in_offset, out, out_offset, count, flags) {
    struct copy_side from = {.user = in_offset}, to = {.user = out_offset};
    int32_t result = get_sides(&from, in, &to, out);

    if (result == 0)
        result = flags != 0 ? -EINVAL : copy_range(&from, &to, count);
    release_sides(&from, &to);
    return result;
}
