// SPDX-License-Identifier: MIT
/*
 * A pipe is a ring of bytes in frames that come when they are needed and go when the pipe is empty:
 *
 *     head                    head + used            free-running positions; byte p lies in
 *      v                          v                  frame p / 4096 modulo the number of frames
 *   …──┼──────── used ────────────┼── room ──…
 *
 * A write of at most PIPE_BUF bytes goes in whole or waits, so writers of short records never mix.
 * The copying to and from apps releases the manager's lock, so each direction has a flag that lets
 * one reader and one writer at a time at the ring. `used` changes only after bytes were copied.
 *
 * A write with O_DIRECT makes packets, of PIPE_BUF bytes at most; a read takes one, and what it has
 * no room for is gone. There are no more packets in a pipe than pages. Splices, which move the bytes
 * through memory of the manager, make none and take bytes of many; what they leave is a packet still.
 *
 * A named pipe's struct pipe hangs on the inode (inode->private) while one side is open.
 */
#include "domains/linux/fs/pipe.h"

#include "domains/lib/heap.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/fs/pipe_packet.h"
#include "domains/linux/signal/signal.h"

#include "kernel/abi/gate.h"

#define PAGE_BYTES    4096u
#define PIPE_BUF      4096u
#define PAGES_DEFAULT 16u
#define PAGES_MAX     256u /* 1 MiB, as pipe-max-size */

#define FIONREAD 0x541Bu

struct pipe {
    uint32_t readers, writers;           /* open descriptions */
    uint32_t readers_seen, writers_seen; /* opens so far: a waiting open() looks for a change */
    uint32_t pages;
    uint32_t head, used;                         /* bytes; head counts on and wraps at 2^32 */
    bool reading, writing;                       /* one of each at a time */
    uint32_t news_for_readers, news_for_writers; /* for who is told of changes alone (epoll) */
    struct wait_queue changed;
    struct pipe_packets packets;
    struct inode *inode; /* borrowed: of a named pipe; NULL */
    uint32_t *frames;    /* NO_FRAME: not there */
    uint32_t held;       /* how many are there */
};

static uint32_t minimum(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static void set_no_frames(struct pipe *pipe) {
    for (uint32_t i = 0; i < pipe->pages; i++)
        pipe->frames[i] = NO_FRAME;
}

static struct pipe *make(void) {
    struct pipe *pipe = heap_allocate(sizeof *pipe);

    if (pipe == NULL)
        return NULL;
    pipe->pages = PAGES_DEFAULT;
    pipe->frames = heap_allocate(PAGES_DEFAULT * sizeof *pipe->frames);
    if (pipe->frames == NULL) {
        heap_free(pipe);
        return NULL;
    }
    set_no_frames(pipe);
    return pipe;
}

static void drop_frames(struct pipe *pipe) {
    for (uint32_t i = 0; i < pipe->pages; i++) {
        if (pipe->frames[i] != NO_FRAME) {
            frame_release(pipe->frames[i]);
            pipe->frames[i] = NO_FRAME;
        }
    }
    pipe->held = 0;
}

static void destroy(struct pipe *pipe) {
    while (pipe->packets.count > 0)
        pipe_packets_drop(&pipe->packets);
    drop_frames(pipe);
    heap_free(pipe->frames);
    heap_free(pipe);
}

static uint32_t room(const struct pipe *pipe) {
    return pipe->pages * PAGE_BYTES - pipe->used;
}

/* Waits for any change; 0, or -ERESTARTSYS. */
static int wait_for_change(struct pipe *pipe) {
    return wait_on(&pipe->changed, DEADLINE_NEVER) == WAIT_INTERRUPTED ? -ERESTARTSYS : 0;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static void skip(struct pipe *pipe, uint32_t count) {
    pipe->head += count;
    pipe->used -= count;
}

/* At most `most` bytes, which lie there. */
static int take_bytes(struct pipe *pipe, struct transfer *to, uint32_t most) {
    int total = 0;

    while (to->total > 0 && (uint32_t)total < most) {
        uint32_t within = pipe->head % PAGE_BYTES;
        uint32_t slot = pipe->head / PAGE_BYTES % pipe->pages;
        uint32_t count = minimum(minimum(to->total, most - (uint32_t)total), PAGE_BYTES - within);
        int moved = transfer_put(to, (char *)frame_pointer(pipe->frames[slot]) + within, count);

        if (moved <= 0)
            return total > 0 ? total : moved;
        skip(pipe, (uint32_t)moved);
        total += moved;
    }
    return total;
}

static bool is_splice(const struct transfer *transfer) {
    return transfer->kernel_address != NULL;
}

/* What one read gets: bytes of the stream, up to the end of the first packet, of which the rest is
 * gone. */
static int take(struct pipe *pipe, struct transfer *to) {
    int total = 0;
    bool is_packet = false;

    while ((!is_packet || is_splice(to)) && to->total > 0 && pipe->used > 0) {
        uint32_t length = pipe_packets_next(&pipe->packets, pipe->head, pipe->used, &is_packet);
        int moved = take_bytes(pipe, to, length);

        if (moved <= 0)
            return total > 0 ? total : moved;
        if (is_packet && !is_splice(to))
            skip(pipe, length - (uint32_t)moved);
        if (is_packet)
            pipe_packets_take(&pipe->packets, pipe->head);
        total += moved;
    }
    return total;
}

/* An idle pipe keeps one frame at most, the first. */
static void shrink_if_empty(struct pipe *pipe) {
    if (pipe->used > 0 || pipe->writing)
        return;
    if (pipe->held > 1 || pipe->frames[0] == NO_FRAME) {
        uint32_t kept = pipe->frames[0];

        pipe->frames[0] = NO_FRAME;
        drop_frames(pipe);
        pipe->frames[0] = kept;
        pipe->held = kept != NO_FRAME;
    }
    pipe->head = 0;
}

/* Until there is something to read for this reader alone: 1; 0 at the end; or a negative errno. */
static int await_bytes(struct file *file, struct pipe *pipe) {
    while (pipe->reading || pipe->used == 0) {
        int error;

        if (!pipe->reading && pipe->writers == 0)
            return 0;
        if ((file->flags & O_NONBLOCK) != 0)
            return -EAGAIN;
        error = wait_for_change(pipe);
        if (error != 0)
            return error;
    }
    return 1;
}

static int pipe_read(struct file *file, struct transfer *to, uint64_t *offset) {
    struct pipe *pipe = file->private;
    int result;

    (void)offset;
    if (to->total == 0)
        return 0;
    result = await_bytes(file, pipe);
    if (result != 1)
        return result;
    pipe->reading = true;
    result = take(pipe, to);
    pipe->reading = false;
    pipe->news_for_writers++;
    shrink_if_empty(pipe);
    poll_wake(&pipe->changed);
    return result;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static bool make_frame(struct pipe *pipe, uint32_t slot) {
    uint32_t frame = frame_allocate_unzeroed();

    if (frame == NO_FRAME)
        return false;
    pipe->frames[slot] = frame;
    pipe->held++;
    return true;
}

/* Copies what fits in the frame under `position`, which is made if it is missing. Bytes, or a negative errno. */
static int put_piece(struct pipe *pipe, struct transfer *from, uint32_t position, uint32_t most) {
    uint32_t within = position % PAGE_BYTES, slot = position / PAGE_BYTES % pipe->pages;

    if (pipe->frames[slot] == NO_FRAME && !make_frame(pipe, slot))
        return -ENOMEM;
    return transfer_take(from, (char *)frame_pointer(pipe->frames[slot]) + within,
                         minimum(most, PAGE_BYTES - within));
}

/* As much as there is room for. */
static int put_bytes(struct pipe *pipe, struct transfer *from) {
    int total = 0;

    while (from->total > 0 && room(pipe) > 0) {
        int moved =
            put_piece(pipe, from, pipe->head + pipe->used, minimum(from->total, room(pipe)));

        if (moved <= 0)
            return total > 0 ? total : moved;
        pipe->used += (uint32_t)moved;
        total += moved;
    }
    return total;
}

/* A packet that there is room for; readers see it when it is whole. */
static int put_packet(struct pipe *pipe, struct transfer *from, uint32_t length) {
    struct pipe_packet *packet = heap_allocate(sizeof *packet);
    uint32_t start = pipe->head + pipe->used, done = 0;
    int moved = -ENOMEM;

    while (packet != NULL && done < length) {
        moved = put_piece(pipe, from, start + done, length - done);
        if (moved <= 0)
            break;
        done += (uint32_t)moved;
    }
    if (done == 0) {
        heap_free(packet);
        return moved;
    }
    pipe_packets_add(&pipe->packets, packet, start, start + done);
    pipe->used += done;
    return (int)done;
}

static int broken(void) {
    signal_process(current_process(), SIGPIPE);
    return -EPIPE;
}

/* May a writer put `wanted` bytes in? */
static bool has_room(const struct pipe *pipe, uint32_t wanted) {
    return room(pipe) >= wanted && pipe->packets.count < pipe->pages;
}

/* Until this writer may put `wanted` bytes in: 0 or a negative errno. */
static int await_room(struct file *file, struct pipe *pipe, uint32_t wanted) {
    for (;;) {
        int error;

        if (pipe->readers == 0)
            return -EPIPE;
        if (!pipe->writing && has_room(pipe, wanted))
            return 0;
        if ((file->flags & O_NONBLOCK) != 0)
            return -EAGAIN;
        error = wait_for_change(pipe);
        if (error != 0)
            return error;
    }
}

static int pipe_write(struct file *file, struct transfer *from, uint64_t *offset) {
    struct pipe *pipe = file->private;
    bool packets = (file->flags & O_DIRECT) != 0 && !is_splice(from);
    uint32_t wanted = packets || from->total <= PIPE_BUF ? minimum(from->total, PIPE_BUF) : 1;
    int total = 0, error = 0;

    (void)offset;
    while (from->total > 0 && error == 0) {
        int moved;

        error = await_room(file, pipe, wanted);
        if (error != 0)
            break;
        pipe->writing = true;
        moved = packets ? put_packet(pipe, from, wanted) : put_bytes(pipe, from);
        pipe->writing = false;
        pipe->news_for_readers++;
        poll_wake(&pipe->changed);
        if (moved < 0) {
            error = moved;
        } else {
            total += moved;
            wanted = packets ? minimum(from->total, PIPE_BUF) : 1;
        }
    }
    if (error == -EPIPE) {
        int signalled = broken();

        return total > 0 ? total : signalled;
    }
    return total > 0 ? total : error;
}

/* ---- The rest -------------------------------------------------------------------------------- */

static int pipe_ioctl(struct file *file, uint32_t request, uint32_t argument) {
    struct pipe *pipe = file->private;
    uint32_t used = pipe->used;

    return request == FIONREAD ? copy_out(argument, &used, sizeof used) : -ENOTTY;
}

static uint32_t pipe_poll(struct file *file) {
    const struct pipe *pipe = file->private;
    uint32_t events = 0;

    if ((file->flags & O_ACCMODE) != O_WRONLY) {
        events |= pipe->used > 0 ? POLLIN : 0;
        events |= pipe->writers == 0 && pipe->writers_seen > 0 ? POLLHUP : 0;
    }
    if ((file->flags & O_ACCMODE) != O_RDONLY) {
        events |= has_room(pipe, PIPE_BUF) ? POLLOUT : 0;
        events |= pipe->readers == 0 ? POLLERR : 0;
    }
    return events;
}

static void tell_everybody(struct pipe *pipe) {
    pipe->news_for_readers++;
    pipe->news_for_writers++;
    poll_wake(&pipe->changed);
}

static void pipe_release(struct file *file) {
    struct pipe *pipe = file->private;

    if ((file->flags & O_ACCMODE) != O_WRONLY)
        pipe->readers--;
    if ((file->flags & O_ACCMODE) != O_RDONLY)
        pipe->writers--;
    if (pipe->readers > 0 || pipe->writers > 0) {
        tell_everybody(pipe);
        return;
    }
    if (pipe->inode != NULL)
        pipe->inode->private = NULL;
    destroy(pipe);
}

static uint32_t pipe_changes(struct file *file) {
    const struct pipe *pipe = file->private;

    switch (file->flags & O_ACCMODE) {
    case O_RDONLY:
        return pipe->news_for_readers;
    case O_WRONLY:
        return pipe->news_for_writers;
    default:
        return pipe->news_for_readers + pipe->news_for_writers;
    }
}

static const struct file_operations pipe_operations = {
    .read = pipe_read,
    .write = pipe_write,
    .ioctl = pipe_ioctl,
    .poll = pipe_poll,
    .changes = pipe_changes,
    .release = pipe_release,
};

bool file_is_pipe(const struct file *file) {
    return file->operations == &pipe_operations;
}

bool files_are_one_pipe(const struct file *one, const struct file *other) {
    return file_is_pipe(one) && file_is_pipe(other) && one->private == other->private;
}

int pipe_size(const struct file *file) {
    const struct pipe *pipe = file->private;

    return (int)(pipe->pages * PAGE_BYTES);
}

/* The ring is laid out anew: the frames in use come first. */
int pipe_resize(struct file *file, uint32_t bytes) {
    struct pipe *pipe = file->private;
    uint32_t pages = 1, *frames, used_pages;

    while (pages * PAGE_BYTES < bytes && pages < PAGES_MAX)
        pages *= 2;
    if (bytes > PAGES_MAX * PAGE_BYTES)
        return -EPERM;
    used_pages = (pipe->head % PAGE_BYTES + pipe->used + PAGE_BYTES - 1) / PAGE_BYTES;
    if (used_pages > pages || pipe->packets.count > pages || pipe->reading || pipe->writing)
        return -EBUSY;
    frames = heap_allocate(pages * sizeof *frames);
    if (frames == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t slot = (pipe->head / PAGE_BYTES + i) % pipe->pages;

        frames[i] = i < used_pages ? pipe->frames[slot] : NO_FRAME;
        if (i < used_pages)
            pipe->frames[slot] = NO_FRAME;
    }
    drop_frames(pipe);
    heap_free(pipe->frames);
    pipe->frames = frames;
    pipe->held = used_pages;
    pipe->pages = pages;
    pipe_packets_shift(&pipe->packets, pipe->head - pipe->head % PAGE_BYTES);
    pipe->head %= PAGE_BYTES;
    tell_everybody(pipe);
    return pipe_size(file);
}

/* ---- Nameless pipes -------------------------------------------------------------------------- */

static char *make_path(const struct inode *inode) {
    char *path = heap_allocate(24);

    if (path != NULL)
        text_format(path, 24, "pipe:[%u]", inode->number);
    return path;
}

static struct file *make_end(struct inode *inode, struct pipe *pipe, uint32_t flags) {
    struct file *file = file_make(inode, flags, &pipe_operations, pipe);

    if (file != NULL) {
        file->path = make_path(inode);
        if ((flags & O_ACCMODE) == O_RDONLY) {
            pipe->readers++;
        } else {
            pipe->writers++;
            pipe->writers_seen++;
        }
    }
    return file;
}

int pipe_make(struct file *ends[2], uint32_t flags) {
    struct inode *inode = inode_make_anonymous(S_IFIFO | 0600);
    struct pipe *pipe = inode == NULL ? NULL : make();

    if (pipe == NULL) {
        if (inode != NULL)
            inode_release(inode);
        return -ENOMEM;
    }
    ends[0] = make_end(inode, pipe, O_RDONLY | flags);
    ends[1] = ends[0] == NULL ? NULL : make_end(inode, pipe, O_WRONLY | flags);
    inode_release(inode);
    if (ends[1] != NULL)
        return 0;
    if (ends[0] != NULL)
        file_release(ends[0]); /* the last end: the pipe goes with it */
    else
        destroy(pipe);
    return -ENOMEM;
}

/* ---- Named pipes ----------------------------------------------------------------------------- */

/* Waits until the other side has been opened at least once since; the caller counts as a user. */
static int await_other_side(struct pipe *pipe, const uint32_t *side, const uint32_t *seen) {
    uint32_t before = *seen;

    while (*side == 0 && *seen == before) {
        int error = wait_for_change(pipe);

        if (error != 0)
            return error;
    }
    return 0;
}

static int await_partner(struct file *file, struct pipe *pipe) {
    switch (file->flags & (O_ACCMODE | O_NONBLOCK)) {
    case O_RDONLY:
        return await_other_side(pipe, &pipe->writers, &pipe->writers_seen);
    case O_WRONLY:
        return await_other_side(pipe, &pipe->readers, &pipe->readers_seen);
    case O_WRONLY | O_NONBLOCK:
        return pipe->readers == 0 ? -ENXIO : 0;
    default:
        return 0; /* both sides at once, or a reader that does not wait */
    }
}

int fifo_open(struct inode *inode, struct file *file) {
    struct pipe *pipe = inode->private;
    int error;

    if (pipe == NULL) {
        pipe = make();
        if (pipe == NULL)
            return -ENOMEM;
        pipe->inode = inode;
        inode->private = pipe;
    }
    file->private = pipe;
    if ((file->flags & O_ACCMODE) != O_WRONLY) {
        pipe->readers++;
        pipe->readers_seen++;
    }
    if ((file->flags & O_ACCMODE) != O_RDONLY) {
        pipe->writers++;
        pipe->writers_seen++;
    }
    tell_everybody(pipe);
    error = await_partner(file, pipe);
    if (error != 0) {
        pipe_release(file);
        return error;
    }
    file->operations = &pipe_operations;
    return 0;
}
