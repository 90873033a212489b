// SPDX-License-Identifier: MIT
/*
 * What a request costs its device: the time for which a busy device does nothing else. Pure logic.
 *
 *   cost = base[direction][pattern] + bytes * per_megabyte[direction] / 1 MiB
 *
 * Reads and writes are apart, and so are requests that go on where their tenant's last one ended and those that do
 * not. The reference request, in which reservations are counted, is a read of 4 KiB at random.
 */
#ifndef KERNEL_IO_COST_H
#define KERNEL_IO_COST_H

#include "kernel/abi/control.h"

#include <stdbool.h>
#include <stdint.h>

#define COST_REFERENCE_BYTES 4096u

/* Nanoseconds, at least 1. `writes`: not a read; a flush is a write of 0 bytes. */
uint32_t cost_of(const struct cost_model *model, bool writes, bool goes_on, uint32_t bytes);
/* Of a read of 4 KiB at random. */
uint32_t cost_of_reference(const struct cost_model *model);
/* Reference requests that the device does in a second. */
uint32_t cost_capacity(const struct cost_model *model);

#endif
