// SPDX-License-Identifier: MIT
/*
 * Channels between the operator and a tenant (kernel/abi/channel.h). The creator pays for all of it; the
 * other side can neither make it larger nor keep it alive.
 *
 *   creator's end: writes STREAM_INPUT, reads the others        acceptor's end: the reverse
 *
 * A handle is the channel's number, the same at both ends, never used twice.
 */
#ifndef KERNEL_CHANNEL_CHANNEL_H
#define KERNEL_CHANNEL_CHANNEL_H

#include "kernel/abi/status.h"
#include "kernel/channel/stream.h"

struct tenant;
struct channel;

enum channel_side { SIDE_CREATOR, SIDE_ACCEPTOR, SIDE_COUNT };

/* Offers a channel to `acceptor`. BAD_ARGUMENT for a malformed command or the creator itself, GONE if the
 * acceptor does not run, NO_MEMORY if the creator cannot pay. */
enum status channel_open(struct tenant *creator, struct tenant *acceptor,
                         const struct channel_offer *offer, uint32_t *handle);
enum status channel_accept(struct tenant *tenant, uint32_t *handle); /* AGAIN: none is offered */
enum status channel_describe(struct tenant *tenant, uint32_t handle,
                             struct channel_description *description);
/* The stream if the caller reads (writes) it. NOT_PERMITTED for the wrong side, GONE if the other end of a
 * written stream is closed. */
enum status channel_reads(struct tenant *tenant, uint32_t handle, uint32_t number,
                          struct stream **stream);
enum status channel_writes(struct tenant *tenant, uint32_t handle, uint32_t number,
                           struct stream **stream);
/* Bytes have moved: the other side hears of it. */
void channel_moved(struct tenant *tenant, uint32_t handle);
enum status channel_shut(struct tenant *tenant, uint32_t handle, uint32_t number);
enum status channel_set_window(struct tenant *tenant, uint32_t handle, uint32_t window);
/* The command ended: nothing more will be written by it. The acceptor only, once. */
enum status channel_exit(struct tenant *tenant, uint32_t handle, uint32_t wait_status);
enum status channel_close(struct tenant *tenant, uint32_t handle);

uint32_t channel_count(const struct tenant *tenant); /* ends that it has */
bool channel_tenant_died(struct tenant *tenant);     /* some of its ends close; true: all have */

#endif
