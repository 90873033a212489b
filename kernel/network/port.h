// SPDX-License-Identifier: MIT
/*
 * A tenant's port at the switch: its ring, who it is, what it may, what it did.
 *
 *   RESTS ──doorbell, the wire is full──────────────────> waits at the wire ──last one gone──> RESTS
 *   RESTS ──doorbell, over its limit or a broadcast──────> waits inside ──it may: it is told──> RESTS, and rings again
 *   waits at the wire ──its limit is used up─────────────> waits inside
 *
 * What waits lies in the tenant's own ring; the core holds none of it. So a port that sends too fast holds up nobody
 * but itself, and one that does not take what comes loses it.
 */
#ifndef KERNEL_NETWORK_PORT_H
#define KERNEL_NETWORK_PORT_H

#include "kernel/io/binding.h"
#include "kernel/network/sender.h"

struct network_switch;

struct port {
    struct io_binding *binding; /* its flow has the limits of what is sent */
    struct network_switch *at;
    struct network_identity identity;
    struct limit receive_limit, flood_limit;
    struct schedule *waits_in; /* the switch's or the wire's; NULL: rests */
    uint32_t transmit_head, receive_head;
    bool must_tell; /* of frames that have come, or were taken without the doorbell */
    struct port *same_hash;
    struct port *next, *previous; /* at its switch */
    struct network_counters sent, received;
};

/* The frame at the head of what is to be sent. */
struct outgoing {
    uint32_t bytes;               /* 0: the buffer cannot be used */
    const uint8_t *data;          /* in the tenant's frame: it may change under the reader */
    uint8_t header[HEADER_BYTES]; /* a copy */
};

/* A frame for a port. The first `header_bytes` are taken from `header`, the rest from `data`, which holds all of it. */
struct incoming {
    uint32_t bytes, header_bytes;
    const uint8_t *header, *data;
    bool is_inside; /* from another port */
};

/* false: none is there. */
bool port_peek(struct port *port, struct outgoing *frame);
void port_advance(struct port *port); /* past it */
bool port_has_frames(const struct port *port);
void port_deliver(struct port *port, const struct incoming *frame,
                  uint64_t now); /* or counts it as dropped */
/* Wakes its manager, if port->must_tell. */
void port_tell(struct port *port);

#endif
