// SPDX-License-Identifier: MIT
/*
 * The core never blocks a caller: a stream that is empty or full answers AGAIN, and each change on
 * the other side is an event. So a sleeper waits for any event and tries again.
 */
#include "domains/linux/channel/end.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"
#include "domains/linux/device/event.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/path.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/signal.h"

#include <stddef.h>

#define PIECE          CHANNEL_STREAM_BYTES /* moved at once, through the heap */
#define STATUS_NO_ROOM (126u << 8)          /* as a shell's: found, but cannot be run */

struct stream {
    struct channel_end *end;
    enum channel_stream number;
};

_Static_assert(offsetof(struct channel_description, command_bytes) == sizeof(struct channel_view),
               "a view is its start");

static struct channel_end *ends;

/* ---- Ends ------------------------------------------------------------------------------------ */

struct channel_end *channel_end_make(uint32_t channel) {
    struct channel_end *end = heap_allocate(sizeof *end);
    if (!end) {
        channel_exit(channel, STATUS_NO_ROOM); /* refused if this is the operator's end */
        channel_close(channel);
        return NULL;
    }
    *end = (struct channel_end){
        .channel = channel, .references = 1, .view_is_old = true, .next = ends};
    ends = end;
    return end;
}

void channel_end_hold(struct channel_end *end) {
    end->references++;
}

void channel_end_release(struct channel_end *end) {
    if (--end->references)
        return;
    struct channel_end **link = &ends;
    while (*link != end)
        link = &(*link)->next;
    *link = end->next;
    channel_close(end->channel);
    heap_free(end);
}

_Static_assert(sizeof(struct channel_description) <= PATH_BYTES, "it fits into such a buffer");

/* In a path_buffer(), to be freed; NULL: no memory. A channel that is gone looks ended, with all streams shut. */
static struct channel_description *describe(const struct channel_end *end) {
    struct channel_description *description = (void *)path_buffer();
    if (description && channel_describe(end->channel, description) != STATUS_OK)
        *description = (struct channel_description){.state = CHANNEL_ENDED, .shut = ~0u};
    return description;
}

const struct channel_view *channel_end_look(struct channel_end *end) {
    uint32_t sequence = information()->channel_sequence;
    if (!end->view_is_old && end->view_sequence == sequence)
        return &end->view;
    struct channel_description *description = describe(end);
    end->view_is_old = description == NULL;
    end->view_sequence = sequence;
    if (description)
        memcpy(&end->view, description, sizeof end->view);
    path_buffer_free((char *)description);
    return &end->view;
}

uint32_t channel_end_command(struct channel_end *end, char command[CHANNEL_COMMAND_BYTES]) {
    struct channel_description *description = describe(end);
    uint32_t bytes = description ? description->command_bytes : 0;
    if (description)
        memcpy(command, description->command, bytes);
    path_buffer_free((char *)description);
    return bytes;
}

static void look_at_all(void *unused) {
    (void)unused;
    if (!ends)
        return;
    for (struct channel_end *end = ends, *next; end; end = next) {
        next = end->next;
        wait_wake(&end->changed);
        if (end->on_change)
            end->on_change(end->context);
    }
    poll_wake(NULL);
}

void channel_ends_start(void) {
    static struct event_watcher watcher = {.changed = look_at_all};
    event_watch(&watcher);
}

/* ---- Streams --------------------------------------------------------------------------------- */

static int wait_for_change(struct channel_end *end, const struct file *file) {
    if (file->flags & O_NONBLOCK)
        return -EAGAIN;
    enum wait_result result = wait_on(&end->changed, DEADLINE_NEVER);
    return result == WAIT_INTERRUPTED && signal_pending() ? -ERESTARTSYS : 0;
}

static uint32_t piece_of(const struct transfer *transfer) {
    return transfer->total < PIECE ? transfer->total : PIECE;
}

/* Bytes read into `piece`, 0 at the end, or an errno. */
static int read_piece(struct stream *stream, const struct file *file, char *piece, uint32_t room) {
    for (;;) {
        struct gate_answer answer = channel_read(stream->end->channel, stream->number, piece, room);
        stream->end->view_is_old = true;
        if (answer.status == STATUS_OK)
            return (int)answer.value;
        if (answer.status != STATUS_AGAIN)
            return 0; /* the other end is closed, or its tenant is gone */
        int error = wait_for_change(stream->end, file);
        if (error)
            return error;
    }
}

static int read_stream(struct file *file, struct transfer *to, uint64_t *offset) {
    (void)offset;
    uint32_t room = piece_of(to);
    if (room == 0)
        return 0;
    char *piece = heap_allocate(room);
    if (!piece)
        return -ENOMEM;
    int count = read_piece(file->private, file, piece, room);
    if (count > 0)
        count = transfer_put(to, piece, (uint32_t)count);
    heap_free(piece);
    return count;
}

static int broken_pipe(void) {
    if (current_process())
        signal_process(current_process(), SIGPIPE);
    return -EPIPE;
}

/* All of the piece, unless something ends it: bytes written, or an errno if there are none. */
static int write_piece(struct stream *stream, const struct file *file, const char *bytes,
                       uint32_t count) {
    uint32_t done = 0;
    int error = 0;
    while (done < count && !error) {
        struct gate_answer answer =
            channel_write(stream->end->channel, stream->number, bytes + done, count - done);
        stream->end->view_is_old = true;
        if (answer.status == STATUS_OK)
            done += answer.value;
        else if (answer.status == STATUS_AGAIN)
            error = wait_for_change(stream->end, file);
        else
            error = broken_pipe();
    }
    return done ? (int)done : error;
}

static int write_stream(struct file *file, struct transfer *from, uint64_t *offset) {
    (void)offset;
    int done = 0, written = 0;
    if (from->total == 0)
        return 0;
    char *piece = heap_allocate(piece_of(from));
    if (!piece)
        return -ENOMEM;
    while (from->total) {
        int taken = transfer_take(from, piece, piece_of(from));
        written = taken > 0 ? write_piece(file->private, file, piece, (uint32_t)taken) : taken;
        done += written > 0 ? written : 0;
        if (written <= 0 || written < taken)
            break;
    }
    heap_free(piece);
    return done ? done : written;
}

static uint32_t poll_stream(struct file *file) {
    struct stream *stream = file->private;
    const struct channel_view *now = channel_end_look(stream->end);
    bool shut = now->shut >> stream->number & 1;
    if ((file->flags & O_ACCMODE) == O_WRONLY)
        return (now->writable[stream->number] ? POLLOUT : 0u) | (shut ? POLLOUT | POLLERR : 0u);
    return (now->readable[stream->number] ? POLLIN : 0u) | (shut ? POLLHUP : 0u);
}

static void release_stream(struct file *file) {
    struct stream *stream = file->private;
    channel_shut(stream->end->channel, stream->number);
    stream->end->view_is_old = true;
    channel_end_release(stream->end);
    heap_free(stream);
}

struct file *channel_stream_open(struct channel_end *end, enum channel_stream number,
                                 uint32_t flags) {
    static const struct file_operations reader = {
        .read = read_stream, .poll = poll_stream, .release = release_stream};
    static const struct file_operations writer = {
        .write = write_stream, .poll = poll_stream, .release = release_stream};
    struct stream *stream = heap_allocate(sizeof *stream);
    if (!stream)
        return NULL;
    *stream = (struct stream){.end = end, .number = number};
    struct file *file = file_make(channel_inode(), flags,
                                  (flags & O_ACCMODE) == O_WRONLY ? &writer : &reader, stream);
    if (file)
        channel_end_hold(end);
    else
        heap_free(stream);
    return file;
}

struct inode *channel_inode(void) {
    static const struct inode_operations nothing;
    static struct inode inode = {
        .references = 1, .mode = S_IFIFO | 0600, .links = 1, .operations = &nothing};
    return &inode;
}
