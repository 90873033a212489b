// SPDX-License-Identifier: MIT
/*
 * The tenant's network device: its ring (kernel/abi/network.h) and the buffers behind it.
 *
 *   receive:   buffer offered ──core fills it──> taken ──lent to lwIP, or copied if many are lent──> offered again
 *   transmit:  free ──filled, doorbell──> the core's ──transmit_head has passed it──> free
 *
 * Everything runs under the lock.
 */
#ifndef DOMAINS_LINUX_NETWORK_CARD_H
#define DOMAINS_LINUX_NETWORK_CARD_H

#include "domains/lib/lock.h"
#include "kernel/abi/information.h"

#include <stdbool.h>

struct pbuf;

/* The device that the tenant was granted; NULL: none. */
const struct information_device *card_granted(void);
/* Attaches it. 0, -ENOMEM or -EIO. */
int card_start(const struct information_device *device);
/* The next frame that has come, the caller's; NULL: none. `*is_inside`: it never was on a wire, and need not have
 * checksums of IPv4, TCP and UDP. */
struct pbuf *card_receive(bool *is_inside);
bool card_has_frames(void); /* false: the core tells of the next one */
/* Sleeps while no frame has come, until the deadline or a poke; there is a card. */
enum wait_result card_wait(uint64_t deadline);
/* Copies a frame into the ring and rings; where a checksum of IPv4, TCP or UDP is 0 the core makes it, if need be. false: no
 * buffer is free, or it is too long. */
bool card_send(const struct pbuf *frame);
void card_send_rest(void); /* rings for what was not taken, if there is any */

struct card_counters {
    uint64_t received_frames, received_bytes, received_dropped;
    uint64_t sent_frames, sent_bytes, sent_dropped;
};
const struct card_counters *card_counters(void);

#endif
