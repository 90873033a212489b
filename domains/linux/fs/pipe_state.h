// SPDX-License-Identifier: MIT
/*
 * What is behind the ends of a pipe, for its own source files.
 *
 * Bytes are copied to and from apps with the manager's lock released, and a splice may wait in the
 * midst of its work; so each direction has a turn, which one reader and one writer at a time have.
 */
#ifndef DOMAINS_LINUX_FS_PIPE_STATE_H
#define DOMAINS_LINUX_FS_PIPE_STATE_H

#include "domains/linux/fs/pipe.h"
#include "domains/linux/fs/pipe_ring.h"

#define PIPE_BUF 4096u /* the longest write that goes in whole, and the longest packet */

struct pipe {
    uint32_t readers, writers;           /* open descriptions */
    uint32_t readers_seen, writers_seen; /* opens so far: a waiting open() looks for a change */
    bool reading, writing;               /* somebody has the turn */
    uint32_t news_for_readers, news_for_writers; /* for who is told of changes alone (epoll) */
    struct wait_queue changed;
    struct pipe_ring ring;
    struct inode *inode; /* borrowed: of a named pipe; NULL */
};

/* Until there is something to read and nobody else has the turn: 1; 0 at the end; or a negative errno, -EAGAIN if that is not so
 * `at_once`. */
int pipe_await_bytes(struct pipe *pipe, bool at_once);
/* Until `wanted` bytes may be put in, the same way: 0 or a negative errno; -EPIPE if nobody reads. */
int pipe_await_room(struct pipe *pipe, uint32_t wanted, bool at_once);
/* Nobody reads: SIGPIPE for the writer, and his answer. */
int pipe_broken(void);
/* Bytes were taken or put, or not, and the turn is given back: whoever waits for that hears of it. */
void pipe_end_reading(struct pipe *pipe);
void pipe_end_writing(struct pipe *pipe);

#endif
