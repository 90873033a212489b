// SPDX-License-Identifier: MIT
/*
 * Frames between a manager and the switch in the core: one ring a network device, in one frame of the tenant.
 *
 *      manager writes                                   core writes
 *   transmit[transmit_tail % NETWORK_ENTRIES]        transmit_head   (taken so far: the buffer is free again)
 *   transmit_tail
 *   receive[receive_tail % NETWORK_ENTRIES]          receive_head    (filled so far; the entry's `bytes` says how far)
 *   receive_tail, receive_seen
 *
 * All counters start at 0 (IO_ATTACH clears them), run freely and wrap at 2^32. The core trusts none of what it finds
 * here: it copies an entry once, checks it, and keeps its own counters. It copies frames while it is in the core and
 * pins nothing. IO_SUBMIT is the doorbell for frames to be sent; buffers to receive into need none.
 *
 * A buffer lies within one bound frame of the tenant. One that cannot be used is passed over: a frame in it is not
 * sent, and one that should go into it is lost, with `bytes` 0.
 *
 * When frames have come the core adds 1 to tenant_information.event_sequence, and wakes whoever is blocked on receive_head,
 * or if nobody is, on event_sequence; but only if the last one that the manager says to have seen (receive_seen) was the one
 * before: who still has frames to look at is told nothing. Who has set receive_seen looks at receive_head once more before he
 * sleeps.
 *
 * A sender need not sum TCP, UDP and IPv4's header: where the checksum is 0 the core fills it in if the frame goes to the wire. What stays
 * in the machine it does not touch; its receiver knows by NETWORK_INSIDE that nothing can have damaged it.
 *
 * Frames that IO_SUBMIT did not take wait in the ring. Those that the card had no room for the core takes later, and then adds
 * 1, too. Those that a limit or a broadcast held back it does not: it adds 1 when IO_SUBMIT would take them.
 */
#ifndef KERNEL_ABI_NETWORK_H
#define KERNEL_ABI_NETWORK_H

#include <stdint.h>

#define NETWORK_ENTRIES      64
#define NETWORK_SUBMIT_BATCH 8u    /* frames that one IO_SUBMIT takes at most */
#define NETWORK_FRAME_MOST   1514u /* bytes, without the checksum that the card adds */
#define NETWORK_FRAME_LEAST  14u
#define NETWORK_BUFFER_BYTES 2048u   /* holds any frame */
#define NETWORK_INSIDE       0x8000u /* in a received entry's `bytes`: never was on a wire */
#define NETWORK_ADDRESS      6u      /* bytes of an Ethernet address */

/* Who a tenant is on the network. The core lets nothing out that says otherwise. IPv4 addresses are numbers:
 * 10.0.2.15 is 0x0A00020F. */
struct network_identity {
    uint8_t hardware[NETWORK_ADDRESS];
    uint8_t prefix;       /* bits of the network's part of `address` */
    uint8_t uplink;       /* 1: frames to and from the card; 0: other tenants alone */
    uint32_t address;     /* 0: the tenant asks by DHCP, and its IPv4 addresses are not checked */
    uint32_t gateway;     /* 0: none */
    uint32_t name_server; /* 0: none */
};

struct network_buffer {
    uint32_t frame;  /* index */
    uint16_t offset; /* of the first byte */
    uint16_t bytes;  /* of the frame, or of the room for one */
};

struct network_ring {
    uint32_t transmit_tail;
    uint32_t receive_tail;
    uint32_t receive_seen;
    uint32_t transmit_head;
    uint32_t receive_head;
    uint32_t reserved[11];
    struct network_buffer transmit[NETWORK_ENTRIES];
    struct network_buffer receive[NETWORK_ENTRIES];
};

_Static_assert(sizeof(struct network_buffer) == 8, "crosses a ring");
_Static_assert(sizeof(struct network_ring) <= 4096, "one frame");

#endif
