// SPDX-License-Identifier: MIT
/*
 * Bytes go from one file to another through a page, in pieces of at most its size.
 *
 * A source loses nothing that its target did not take. A file's offset moves on by what was written, and a pipe's bytes stay in it
 * until then. What cannot give back what was read, a socket or a terminal, goes into pipes alone, which make room before. It is
 * read once, with space for any datagram: what is left of one is gone.
 */
#include "domains/linux/file/copy.h"

#include "domains/lib/heap.h"
#include "domains/lib/lock.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/io_count.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/path.h"
#include "domains/linux/fs/pipe.h"
#include "domains/linux/fs/pipe_splice.h"
#include "domains/linux/process/process.h"

#define PIECE     PATH_BYTES /* a path buffer serves as the page between */
#define READ_MOST 65536u     /* no datagram is longer */

static uint32_t minimum(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static int read_some(struct copy_side *from, uint64_t *offset, char *buffer, uint32_t count) {
    struct transfer transfer;

    transfer_kernel(&transfer, buffer, count);
    return from->file->operations->read(from->file, &transfer, offset);
}

static int write_some(struct copy_side *to, char *buffer, uint32_t count) {
    struct transfer transfer;

    transfer_kernel(&transfer, buffer, count);
    return to->file->operations->write(to->file, &transfer, &to->offset);
}

static uint32_t taken(int moved) {
    return moved > 0 ? (uint32_t)moved : 0;
}

static int out_of_pipe(struct file *from, struct copy_side *to, char *buffer, uint32_t count,
                       bool at_once) {
    int there = pipe_splice_look(from, buffer, count, at_once), moved;

    if (there <= 0)
        return there;
    moved = write_some(to, buffer, (uint32_t)there);
    pipe_splice_take(from, taken(moved));
    return moved;
}

static int into_pipe(struct copy_side *from, struct file *to, char *buffer, uint32_t count,
                     bool at_once) {
    int room = pipe_splice_room(to, count, at_once), moved;

    if (room < 0)
        return room;
    moved = read_some(from, &from->offset, buffer, (uint32_t)room);
    pipe_splice_fill(to, buffer, taken(moved));
    return moved;
}

static int without_pipe(struct copy_side *from, struct copy_side *to, char *buffer,
                        uint32_t count) {
    uint64_t behind = from->offset;
    int there = read_some(from, &behind, buffer, count), moved;

    if (there <= 0)
        return there;
    moved = write_some(to, buffer, (uint32_t)there);
    from->offset += taken(moved);
    return moved;
}

/* Bytes that went over, 0 at the end of the source, or a negative errno. */
static int copy_piece(struct copy_side *from, struct copy_side *to, char *buffer, uint32_t count,
                      bool at_once) {
    if (!file_is_pipe(from->file) && !file_is_pipe(to->file))
        return without_pipe(from, to, buffer, count);
    if (!file_is_pipe(from->file))
        return into_pipe(from, to->file, buffer, count, at_once);
    if (!file_is_pipe(to->file))
        return out_of_pipe(from->file, to, buffer, count, at_once);
    return pipe_splice_move(from->file, to->file, buffer, count, at_once);
}

static void tell(const struct copy_side *from, const struct copy_side *to, uint32_t total) {
    if (total > 0) {
        notify_file(from->file, IN_ACCESS);
        notify_file(to->file, IN_MODIFY);
    }
    io_count_read((int32_t)total);
    io_count_written((int32_t)total);
}

/* Others wait for the lock no longer than a piece takes, and who is to end does not go on. */
static int32_t copy_in_pieces(struct copy_side *from, struct copy_side *to, uint32_t count,
                              bool at_once) {
    char *buffer = path_buffer();
    uint32_t total = 0;
    int moved = -ENOMEM;

    while (buffer != NULL) {
        moved = copy_piece(from, to, buffer, minimum(count - total, PIECE), at_once || total > 0);
        total += taken(moved);
        if (moved <= 0 || total == count || current_process()->ending)
            break;
        manager_lock_pass();
    }
    path_buffer_free(buffer);
    return total > 0 ? (int32_t)total : moved;
}

static int32_t copy_one_read(struct copy_side *from, struct copy_side *to, uint32_t count,
                             bool at_once) {
    uint32_t most = minimum(count, READ_MOST);
    char *buffer = heap_allocate(most);
    int moved = buffer == NULL ? -ENOMEM : copy_piece(from, to, buffer, most, at_once);

    heap_free(buffer);
    return moved;
}

int32_t copy_bytes(struct copy_side *from, struct copy_side *to, uint32_t count, bool at_once) {
    bool goes_on = copy_has_offset(from) || file_is_pipe(from->file);
    int32_t result = 0;

    if (count > 0)
        result = (goes_on ? copy_in_pieces : copy_one_read)(from, to, count, at_once);
    tell(from, to, taken(result));
    return result;
}
