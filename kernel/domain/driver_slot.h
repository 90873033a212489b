// SPDX-License-Identifier: MIT
/*
 * A driver's slot: its memory, as kernel/abi/layout.h draws it. All frames are taken at boot and
 * stay its own for good; a restart fills them again in place.
 */
#ifndef KERNEL_DOMAIN_DRIVER_SLOT_H
#define KERNEL_DOMAIN_DRIVER_SLOT_H

#include "kernel/domain/driver.h"

/* Bounce buffers of a driver without DMA: more than this at once only makes requests wait inside
 * the device instead of in the core's queue. */
#define DRIVER_BOUNCE_DEPTH 4u

/* Takes the frames, builds the page tables and enters them into core_directory; the image is not
 * loaded yet. NULL, or why it was refused (nothing is taken then). */
const char *slot_build(struct driver *driver);
/* NULL if this device memory may lie in a slot at `offset`, or why not. */
const char *slot_check_device(uint32_t offset, uint64_t physical, uint32_t bytes);
/* Maps checked device memory uncached at `offset`. */
void slot_map_device(struct driver *driver, uint32_t offset, uint64_t physical, uint32_t bytes);
/* One slice of filling the slot with a fresh copy: image, zeroed bss, stack, bounce and DMA memory.
 * From driver->refill_offset = 0 on; true when the copy is complete. */
bool slot_refill(struct driver *driver);

#endif
