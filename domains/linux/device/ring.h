// SPDX-License-Identifier: MIT
/*
 * The manager's half of a struct io_ring (kernel/abi/io.h): pure bookkeeping, no gate.
 *
 * Each entry has an owner, remembered by the tag that travels with it. Never more than
 * IO_RING_ENTRIES are out at once, counted until their completion was taken, so the completion ring
 * cannot overflow.
 */
#ifndef DOMAINS_LINUX_DEVICE_RING_H
#define DOMAINS_LINUX_DEVICE_RING_H

#include "kernel/abi/io.h"

#include <stdbool.h>
#include <stdint.h>

struct ring {
    struct io_ring *shared;
    uint32_t submit_tail, complete_head;
    void *owners[IO_RING_ENTRIES]; /* by tag; NULL: the tag is free */
};

void ring_start(struct ring *ring, struct io_ring *shared); /* `shared` is zeroed */
/* Copies the submission into the ring under a tag of its own; false: no tag is free. */
bool ring_put(struct ring *ring, const struct io_submission *submission, void *owner);
/* The next completion whose tag is known; *completion is a private copy. NULL: none. */
void *ring_take(struct ring *ring, struct io_completion *completion);
/* The core's counter: who has taken out all up to complete_head may sleep on it. */
const uint32_t *ring_tail(const struct ring *ring);
/* There are entries that the core has not taken: the doorbell must be rung. */
bool ring_has_unaccepted(const struct ring *ring);

#endif
