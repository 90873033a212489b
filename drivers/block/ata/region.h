// SPDX-License-Identifier: MIT
/*
 * The table of physical regions that a bus master walks (Intel 82371SB data sheet, 3.2;
 * "Programming Interface for Bus Master IDE Controller", 1.2). Pure.
 *
 *   region:  address (32 bit, even) · bytes (16 bit, 0 = 64 KiB) · flags (bit 15: last)
 *
 * A region may not cross a 64-KiB boundary, so one segment can become several.
 */
#ifndef DRIVERS_ATA_REGION_H
#define DRIVERS_ATA_REGION_H

#include "kernel/abi/driver.h"

#include <stdbool.h>
#include <stdint.h>

struct region {
    uint32_t address;
    uint16_t bytes;
    uint16_t flags;
};

#define REGION_LAST 0x8000u
#define REGIONS_MOST                                                                               \
    (2 * (IO_SEGMENTS + 1)) /* a request of 64 KiB crosses a boundary per segment */

/* Fills the table for a request; false if a segment cannot be named: above 4 GiB, odd or empty, or
 * more regions than REGIONS_MOST. */
bool regions_describe(volatile struct region table[REGIONS_MOST],
                      const struct driver_segment *segments, uint32_t count);

#endif
