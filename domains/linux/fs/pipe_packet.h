// SPDX-License-Identifier: MIT
/*
 * Where the packets of a pipe begin and end: its bytes lie in the ring as all others do, and a list
 * says which of them were written by one write with O_DIRECT. Bytes of no packet are a stream.
 *
 *     ring      …──┼── stream ──┼──── packet ────┼─ packet ─┼── stream ──…
 *     positions    head         start           end
 *
 * Positions are the pipe's: they count on and wrap at 2^32, which is far more than lies in a ring.
 * Pure, but for the heap.
 */
#ifndef DOMAINS_LINUX_FS_PIPE_PACKET_H
#define DOMAINS_LINUX_FS_PIPE_PACKET_H

#include <stdbool.h>
#include <stdint.h>

struct pipe_packet {
    uint32_t start, end;
    struct pipe_packet *next;
};

/* Zeroed: none. In the order of the positions. */
struct pipe_packets {
    struct pipe_packet *first, *last;
    uint32_t count;
};

/* The last one from now on; `packet` is from the heap and the list's. */
void pipe_packets_add(struct pipe_packets *packets, struct pipe_packet *packet, uint32_t start,
                      uint32_t end);
/* How many of the `used` bytes from `head` on are of one kind: of the stream, or of the packet
 * which then is `*is_packet`. */
uint32_t pipe_packets_next(const struct pipe_packets *packets, uint32_t head, uint32_t used,
                           bool *is_packet);
/* The first packet was taken up to `head`: what is left of it, if anything, is a packet still. */
void pipe_packets_take(struct pipe_packets *packets, uint32_t head);
/* The first packet is gone. */
void pipe_packets_drop(struct pipe_packets *packets);
/* All positions become smaller by this. */
void pipe_packets_shift(struct pipe_packets *packets, uint32_t by);

#endif
