// SPDX-License-Identifier: MIT
/* Where a driver without DMA finds the data of a request: DRIVER_BOUNCE_SIZE bytes for each id. */
#ifndef DRIVERS_LIB_BOUNCE_H
#define DRIVERS_LIB_BOUNCE_H

#include "kernel/abi/layout.h"

#include <stdint.h>

static inline uint8_t *bounce_buffer(uint32_t id) {
    return (uint8_t *)(DRIVER_BOUNCE + id * DRIVER_BOUNCE_SIZE);
}

#endif
