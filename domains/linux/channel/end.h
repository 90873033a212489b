// SPDX-License-Identifier: MIT
/*
 * One end of a channel (kernel/abi/channel.h), the operator's or the tenant's, and its three
 * streams as files.
 *
 * An end is counted: by whoever made it and by each open stream. The last release closes it in the
 * core. A stream file reads or writes by its access mode; its last close shuts the stream.
 */
#ifndef DOMAINS_LINUX_CHANNEL_END_H
#define DOMAINS_LINUX_CHANNEL_END_H

#include "domains/linux/file/file.h"
#include "kernel/abi/channel.h"

/* What the core said last: struct channel_description without the command. */
struct channel_view {
    uint32_t state, flags, window, exit_status;
    uint32_t readable[STREAM_COUNT], writable[STREAM_COUNT];
    uint32_t shut;
};

struct channel_end {
    uint32_t channel; /* the core's handle */
    uint32_t references;
    struct channel_view view;
    uint32_t view_sequence;    /* of the tenant's channels when it was taken */
    bool view_is_old;          /* this side did something since */
    struct wait_queue changed; /* woken at every event of the tenant */
    /* Called at every event, under the lock; may not sleep. May be NULL. */
    void (*on_change)(void *context);
    void *context;
    struct channel_end *next;
};

/* Takes over the core's handle: closes it if there is no memory (NULL). */
struct channel_end *channel_end_make(uint32_t channel);
void channel_end_hold(struct channel_end *end);
void channel_end_release(struct channel_end *end);

/* A new open description of a stream, O_RDONLY or O_WRONLY. NULL: no memory. */
struct file *channel_stream_open(struct channel_end *end, enum channel_stream stream,
                                 uint32_t flags);
/* How the channel stands now. Asks the core only if there was an event or a move of our own. */
const struct channel_view *channel_end_look(struct channel_end *end);
/* The offered command: COMMAND_BYTES of room, the bytes used. */
uint32_t channel_end_command(struct channel_end *end, char command[CHANNEL_COMMAND_BYTES]);

/* An inode of a pipe's type for files that have no name in the tree. Never freed. */
struct inode *channel_inode(void);

void channel_ends_start(void); /* watches events */

#endif
