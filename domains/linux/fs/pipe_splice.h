// SPDX-License-Identifier: MIT
/*
 * Splices: bytes that leave a pipe, or enter one, inside the manager.
 *
 *     pipe ──look──> buffer ──> file or socket        then `take`, by what was accepted
 *     file or socket ──> buffer ──fill──> pipe        `room` was there before
 *     pipe ─────────────move────────────> pipe
 *
 * A splice that finds nothing to do waits, if it is not to be done `at_once` (or the pipe's end is O_NONBLOCK: -EAGAIN).
 */
#ifndef DOMAINS_LINUX_FS_PIPE_SPLICE_H
#define DOMAINS_LINUX_FS_PIPE_SPLICE_H

#include "domains/linux/file/file.h"

/* Copies the first bytes, of whatever packets, and leaves them there: how many; 0 at the end; or a negative errno. If there are any
 * the caller has the reader's turn until it takes some of them, or none. */
int pipe_splice_look(struct file *file, char *bytes, uint32_t most, bool at_once);
void pipe_splice_take(struct file *file, uint32_t count);

/* Room for at least one byte, and for `most` at most, with memory behind it: how many, or a negative errno. If there is room the
 * caller has the writer's turn until it fills some of it, or none. */
int pipe_splice_room(struct file *file, uint32_t most, bool at_once);
void pipe_splice_fill(struct file *file, char *bytes, uint32_t count);

/* At most `count` bytes of one packet or of the stream, by a buffer for as many: how many; 0 at the end; or a negative errno. Packets
 * stay packets, also in parts. */
int pipe_splice_move(struct file *from, struct file *to, char *buffer, uint32_t count,
                     bool at_once);

#endif
