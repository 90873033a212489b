// SPDX-License-Identifier: MIT
/*
 * Nothing leaves a pipe before another has it: what lies at its head is copied, offered, and then taken by as much as was accepted.
 * The turn keeps other readers from the same bytes meanwhile. Nor is anything fetched for a pipe before there is a place for it.
 *
 * From pipe to pipe nobody's turn is taken: once there are bytes and room, all is done in one step under the manager's lock.
 */
#include "domains/linux/fs/pipe_splice.h"

#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/fs/pipe_state.h"

static uint32_t minimum(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static bool waits_for_nobody(const struct file *file) {
    return (file->flags & O_NONBLOCK) != 0;
}

int pipe_splice_look(struct file *file, char *bytes, uint32_t most, bool at_once) {
    struct pipe *pipe = file->private;
    int result = pipe_await_bytes(pipe, at_once || waits_for_nobody(file));

    if (result != 1)
        return result;
    pipe->reading = true;
    return (int)pipe_ring_peek(&pipe->ring, bytes, most);
}

void pipe_splice_take(struct file *file, uint32_t count) {
    struct pipe *pipe = file->private;

    pipe_ring_skip(&pipe->ring, count);
    pipe_end_reading(pipe);
}

int pipe_splice_room(struct file *file, uint32_t most, bool at_once) {
    struct pipe *pipe = file->private;
    int error = pipe_await_room(pipe, 1, at_once || waits_for_nobody(file));

    if (error != 0)
        return error == -EPIPE ? pipe_broken() : error;
    most = minimum(most, pipe_ring_room(&pipe->ring));
    if (!pipe_ring_reserve(&pipe->ring, most))
        return -ENOMEM;
    pipe->writing = true;
    return (int)most;
}

void pipe_splice_fill(struct file *file, char *bytes, uint32_t count) {
    struct pipe *pipe = file->private;
    struct transfer transfer;

    transfer_kernel(&transfer, bytes, count);
    (void)pipe_ring_put(&pipe->ring, &transfer);
    pipe_end_writing(pipe);
}

/* ---- From pipe to pipe ----------------------------------------------------------------------- */

/* What goes over in one step. */
struct piece {
    uint32_t length;
    bool is_packet;
};

static struct piece first_piece(const struct pipe *from, uint32_t most) {
    struct piece piece;

    piece.length = minimum(most, pipe_ring_next(&from->ring, &piece.is_packet));
    return piece;
}

/* A packet goes in whole, or as much of it as is to go; of a stream each byte is worth its way. */
static uint32_t room_wanted(const struct pipe *from, uint32_t most) {
    struct piece piece = first_piece(from, most);

    return piece.is_packet ? piece.length : 1;
}

/* Until there is a piece and room for it, as pipe_await_bytes(). While one of the two is waited for the other may go. */
static int await_both(struct pipe *from, struct pipe *to, uint32_t most, bool at_once) {
    uint32_t wanted;

    do {
        int result = pipe_await_bytes(from, at_once);

        if (result != 1)
            return result;
        wanted = room_wanted(from, most);
        result = pipe_await_room(to, wanted, at_once);
        if (result != 0)
            return result == -EPIPE ? pipe_broken() : result;
    } while (from->reading || from->ring.used == 0 || room_wanted(from, most) > wanted);
    return 1;
}

/* Bytes, or -ENOMEM. */
static int move_piece(struct pipe *from, struct pipe *to, char *buffer, uint32_t most) {
    struct piece piece = first_piece(from, most);
    struct transfer transfer;
    int moved;

    piece.length = minimum(piece.length, pipe_ring_room(&to->ring));
    if (!pipe_ring_reserve(&to->ring, piece.length))
        return -ENOMEM;
    (void)pipe_ring_peek(&from->ring, buffer, piece.length);
    transfer_kernel(&transfer, buffer, piece.length);
    moved = piece.is_packet ? pipe_ring_put_packet(&to->ring, &transfer, piece.length)
                            : pipe_ring_put(&to->ring, &transfer);
    if (moved > 0)
        pipe_ring_skip(&from->ring, (uint32_t)moved);
    return moved;
}

int pipe_splice_move(struct file *from, struct file *to, char *buffer, uint32_t count,
                     bool at_once) {
    struct pipe *source = from->private, *target = to->private;
    int result = await_both(source, target, count,
                            at_once || waits_for_nobody(from) || waits_for_nobody(to));

    if (result != 1)
        return result;
    result = move_piece(source, target, buffer, count);
    pipe_end_reading(source);
    pipe_end_writing(target);
    return result;
}
