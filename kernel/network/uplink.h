// SPDX-License-Identifier: MIT
/*
 * A network card's driver, seen from the switch: a device of kernel/io whose requests are the core's own.
 *
 *   slots 0 … UPLINK_RECEIVES - 1    free ──fetched as IO_READ──> sent ──a frame has come──> free
 *                                                                   └──it must wait for a flood──> kept ──> free
 *   the others                       free ──a port's frame──> kept ──fetched as IO_WRITE──> sent ──> free
 *
 * Each slot has half a page of the core's own memory: the card never reaches a tenant's. Frames are sent and received at
 * most once: what was in flight at a crash is lost, and counted; what the driver had not fetched waits for its next life.
 */
#ifndef KERNEL_NETWORK_UPLINK_H
#define KERNEL_NETWORK_UPLINK_H

#include "kernel/io/binding.h"

#define UPLINK_RECEIVES (DRIVER_DEPTH / 2)

/* At boot, before the drivers: network cards are looked after from here. */
void uplink_initialise(void);
frame_t uplink_spare_frame(const struct io_device *device); /* for the switch */

bool uplink_is_up(const struct io_device *device);
bool uplink_has_room(const struct io_device *device); /* for a frame more */
/* There is room. The first HEADER_BYTES are taken from `header`, what is behind them from `data`. */
void uplink_send(struct io_device *device, struct tenant *sender, const uint8_t *header,
                 const uint8_t *data, uint32_t bytes);
/* Frames from the wire that waited for a flood to end; true: there are more. */
bool uplink_take_waiting(struct io_device *device);
void uplink_forget_sender(struct io_device *device, const struct tenant *sender);

#endif
