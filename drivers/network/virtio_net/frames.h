// SPDX-License-Identifier: MIT
/*
 * The frames that the card has, one slot each in the queue of its direction, named by the core's id.
 *
 *   chain:  header (struct virtio_net_hdr, 5.1.6) · the frame
 *
 * DMA memory holds the receive queue, the send queue and the headers. The frames themselves lie in the core's memory and
 * are never seen.
 */
#ifndef DRIVERS_VIRTIO_NET_FRAMES_H
#define DRIVERS_VIRTIO_NET_FRAMES_H

#include "drivers/lib/virtio/transport.h"
#include "kernel/abi/driver.h"

#define DMA_FRAMES 20u /* two legacy queues of up to 1024 descriptors, and the headers */

/* Lays both queues and the headers out in DMA memory, which the device must not be using, and tells it of them. */
bool frames_lay_out(const struct transport *transport, uint64_t features);

void frame_receive(const struct transport *transport, const struct driver_request *request);
void frame_send(const struct transport *transport, const struct driver_request *request);
bool frames_go_out(void);  /* the card has some that are to be sent */
void frames_collect(void); /* completes what the device has done */

#endif
