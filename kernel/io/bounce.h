// SPDX-License-Identifier: MIT
/*
 * Data on its way: whether the device reaches the tenant's frames itself, or the core copies.
 *
 *   DMA                 the device and the tenant's frames; the core does not see the data
 *   DMA, verify=on      shadow: frames of the core, DRIVER_BOUNCE_SIZE for each request id
 *   no DMA              the driver's bounce buffers, which lie in its slot
 *
 * Copies in both directions are made while the driver is in the core, so that it cannot change what the core looks at.
 */
#ifndef KERNEL_IO_BOUNCE_H
#define KERNEL_IO_BOUNCE_H

#include "kernel/io/binding.h"

/* Gives a device with DMA its shadow; false: not enough contiguous memory. At boot only. */
bool bounce_make_shadow(struct io_device *device);
bool bounce_is_used(const struct io_device *device);
bool bounce_is_shadow(const struct io_device *device);
uint64_t bounce_bus_address(const struct io_device *device, const struct io_slot *slot);
/* The byte at `offset` of the request's data; good up to the end of its page, until the next call. */
uint8_t *bounce_at(const struct io_device *device, const struct io_slot *slot, uint32_t offset);
void bounce_fill(const struct io_device *device,
                 const struct io_slot *slot); /* from the tenant's frames */
void bounce_empty(const struct io_device *device, const struct io_slot *slot, uint32_t bytes);

#endif
