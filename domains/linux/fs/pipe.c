// SPDX-License-Identifier: MIT
/*
 * A pipe is a ring of bytes (pipe_ring.h), with who reads and who writes.
 *
 * A write of at most PIPE_BUF bytes goes in whole or waits, so writers of short records never mix.
 *
 * A write with O_DIRECT makes packets, of PIPE_BUF bytes at most; a read takes one, and what it has
 * no room for is gone. There are no more packets in a pipe than pages.
 *
 * A named pipe's struct pipe hangs on the inode (inode->private) while one side is open.
 */
#include "domains/linux/fs/pipe.h"

#include "domains/lib/heap.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/fs/pipe_state.h"
#include "domains/linux/signal/signal.h"

#include "kernel/abi/gate.h"

#define PAGES_MAX 256u /* 1 MiB, as pipe-max-size */

#define FIONREAD 0x541Bu

static struct pipe *make(void) {
    struct pipe *pipe = heap_allocate(sizeof *pipe);

    if (pipe == NULL || pipe_ring_make(&pipe->ring))
        return pipe;
    heap_free(pipe);
    return NULL;
}

static void destroy(struct pipe *pipe) {
    pipe_ring_end(&pipe->ring);
    heap_free(pipe);
}

static uint32_t minimum(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* Waits for any change; 0, or -ERESTARTSYS. */
static int wait_for_change(struct pipe *pipe) {
    return wait_on(&pipe->changed, DEADLINE_NEVER) == WAIT_INTERRUPTED ? -ERESTARTSYS : 0;
}

static void end_turn(struct pipe *pipe) {
    if (pipe->ring.used == 0 && !pipe->reading && !pipe->writing)
        pipe_ring_shrink(&pipe->ring);
    poll_wake(&pipe->changed);
}

void pipe_end_reading(struct pipe *pipe) {
    pipe->reading = false;
    pipe->news_for_writers++;
    end_turn(pipe);
}

void pipe_end_writing(struct pipe *pipe) {
    pipe->writing = false;
    pipe->news_for_readers++;
    end_turn(pipe);
}

/* ---- Reading --------------------------------------------------------------------------------- */

int pipe_await_bytes(struct pipe *pipe, bool at_once) {
    while (pipe->reading || pipe->ring.used == 0) {
        int error;

        if (!pipe->reading && pipe->writers == 0)
            return 0;
        if (at_once)
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
    result = pipe_await_bytes(pipe, (file->flags & O_NONBLOCK) != 0);
    if (result != 1)
        return result;
    pipe->reading = true;
    result = pipe_ring_take(&pipe->ring, to);
    pipe_end_reading(pipe);
    return result;
}

/* ---- Writing --------------------------------------------------------------------------------- */

int pipe_broken(void) {
    signal_process(current_process(), SIGPIPE);
    return -EPIPE;
}

/* May a writer put `wanted` bytes in? */
static bool has_room(const struct pipe *pipe, uint32_t wanted) {
    const struct pipe_ring *ring = &pipe->ring;

    return pipe_ring_room(ring) >= wanted && ring->packets.count < ring->pages;
}

int pipe_await_room(struct pipe *pipe, uint32_t wanted, bool at_once) {
    for (;;) {
        int error;

        if (pipe->readers == 0)
            return -EPIPE;
        if (!pipe->writing && has_room(pipe, wanted))
            return 0;
        if (at_once)
            return -EAGAIN;
        error = wait_for_change(pipe);
        if (error != 0)
            return error;
    }
}

static int pipe_write(struct file *file, struct transfer *from, uint64_t *offset) {
    struct pipe *pipe = file->private;
    bool packets = (file->flags & O_DIRECT) != 0;
    uint32_t wanted = packets || from->total <= PIPE_BUF ? minimum(from->total, PIPE_BUF) : 1;
    int total = 0, error = 0;

    (void)offset;
    while (from->total > 0 && error == 0) {
        int moved;

        error = pipe_await_room(pipe, wanted, (file->flags & O_NONBLOCK) != 0);
        if (error != 0)
            break;
        pipe->writing = true;
        moved = packets ? pipe_ring_put_packet(&pipe->ring, from, wanted)
                        : pipe_ring_put(&pipe->ring, from);
        pipe_end_writing(pipe);
        if (moved < 0) {
            error = moved;
        } else {
            total += moved;
            wanted = packets ? minimum(from->total, PIPE_BUF) : 1;
        }
    }
    if (error == -EPIPE) {
        int signalled = pipe_broken();

        return total > 0 ? total : signalled;
    }
    return total > 0 ? total : error;
}

/* ---- The rest -------------------------------------------------------------------------------- */

static int pipe_ioctl(struct file *file, uint32_t request, uint32_t argument) {
    struct pipe *pipe = file->private;
    uint32_t used = pipe->ring.used;

    return request == FIONREAD ? copy_out(argument, &used, sizeof used) : -ENOTTY;
}

static uint32_t pipe_poll(struct file *file) {
    const struct pipe *pipe = file->private;
    uint32_t events = 0;

    if ((file->flags & O_ACCMODE) != O_WRONLY) {
        events |= pipe->ring.used > 0 ? POLLIN : 0;
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

    return (int)(pipe->ring.pages * PAGE_BYTES);
}

int pipe_resize(struct file *file, uint32_t bytes) {
    struct pipe *pipe = file->private;
    uint32_t pages = 1;
    int error;

    while (pages * PAGE_BYTES < bytes && pages < PAGES_MAX)
        pages *= 2;
    if (bytes > PAGES_MAX * PAGE_BYTES)
        return -EPERM;
    if (pipe->reading || pipe->writing)
        return -EBUSY;
    error = pipe_ring_resize(&pipe->ring, pages);
    if (error != 0)
        return error;
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
