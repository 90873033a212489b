// SPDX-License-Identifier: MIT
/*
 * The requests that the device has, one slot each: a chain in the virtqueue and an exchange.
 *
 *   chain:  header (device reads) · data segments · result byte (device writes)
 *
 * DMA memory holds the virtqueue and, behind it, the exchanges. Nothing of a request is kept here
 * that the core does not have too, so it can replay it at a fresh copy of the driver. The data
 * itself is never seen, only its bus addresses.
 */
#ifndef DRIVERS_VIRTIO_BLK_REQUEST_H
#define DRIVERS_VIRTIO_BLK_REQUEST_H

#include "drivers/lib/virtio/transport.h"
#include "kernel/abi/driver.h"

#define SECTOR_BYTES  512u
#define SEGMENTS_MOST (IO_SEGMENTS + 1u)
#define DMA_FRAMES    8u /* a legacy queue of up to 1024 descriptors, and the exchanges */

/* Lays the queue of `size` descriptors and the exchanges out in DMA memory, which the device must
 * not be using. Answers how many requests of `segments` segments it can hold, 0: not even one. */
uint32_t requests_lay_out(uint32_t size, uint32_t segments);

/* Gives a request to the device. The caller has seen to it that the depth is not exceeded. */
void request_transfer(const struct transport *transport, const struct driver_request *request);
void request_flush(const struct transport *transport, uint32_t id);

/* Completes what the device has done; answers how many requests that were. */
uint32_t requests_collect(void);
/* The same, and from then on until the next collecting the device interrupts when it has done one. */
uint32_t requests_settle(void);

#endif
