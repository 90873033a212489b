// SPDX-License-Identifier: MIT
/*
 * The bytes of a pipe: a ring of frames.
 *
 *     head                    head + used            free-running positions; byte p lies in
 *      v                          v                  frame p / 4096 modulo the number of frames
 *   …──┼──────── used ────────────┼── room ──…
 *
 * The caller sees to it that there is one reader and one writer at a time: copying to and from apps releases the manager's
 * lock.
 */
#ifndef DOMAINS_LINUX_FS_PIPE_RING_H
#define DOMAINS_LINUX_FS_PIPE_RING_H

#include "domains/linux/file/file.h"
#include "domains/linux/fs/pipe_packet.h"

#define PAGE_BYTES 4096u

struct pipe_ring {
    uint32_t pages;
    uint32_t head, used; /* bytes; head counts on and wraps at 2^32 */
    struct pipe_packets packets;
    uint32_t *frames; /* NO_FRAME: not there */
    uint32_t held;    /* how many are there */
};

/* An empty one; false: no memory. */
bool pipe_ring_make(struct pipe_ring *ring);
void pipe_ring_end(struct pipe_ring *ring);
uint32_t pipe_ring_room(const struct pipe_ring *ring); /* bytes */

/* What one read gets: bytes of the stream, up to the end of the first packet, of which the rest is gone. Bytes, or a negative
 * errno. */
int pipe_ring_take(struct pipe_ring *ring, struct transfer *to);
/* How many bytes at the head are of one packet, or of the stream. */
uint32_t pipe_ring_next(const struct pipe_ring *ring, bool *is_packet);
/* Copies the first bytes, of whatever packets; how many. */
uint32_t pipe_ring_peek(const struct pipe_ring *ring, char *bytes, uint32_t most);
/* So many of the bytes that are there go; what is left of a packet is a packet still. */
void pipe_ring_skip(struct pipe_ring *ring, uint32_t count);
/* Memory for so many more bytes, which there is room for; false: there is none. */
bool pipe_ring_reserve(struct pipe_ring *ring, uint32_t count);
/* As much as there is room for. Bytes, or a negative errno. */
int pipe_ring_put(struct pipe_ring *ring, struct transfer *from);
/* A packet that there is room for; readers see it when it is whole. Bytes, or a negative errno. */
int pipe_ring_put_packet(struct pipe_ring *ring, struct transfer *from, uint32_t length);
/* It is empty, and nobody writes: frames that it does not need go. */
void pipe_ring_shrink(struct pipe_ring *ring);
/* Laid out anew, with the frames in use first. 0, -EBUSY: more is in it, -ENOMEM. */
int pipe_ring_resize(struct pipe_ring *ring, uint32_t pages);

#endif
