// SPDX-License-Identifier: MIT
/* See region.h. */
#include "drivers/block/ata/region.h"

#define BOUNDARY 0x10000u

bool regions_describe(volatile struct region table[REGIONS_MOST],
                      const struct driver_segment *segments, uint32_t count) {
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t address = segments[i].bus_address;
        uint32_t left = segments[i].bytes;
        if (left == 0 || (address | left) % 2 != 0 || address + left > 1ull << 32)
            return false;
        while (left > 0) {
            uint32_t room = BOUNDARY - (uint32_t)address % BOUNDARY;
            uint32_t bytes = left < room ? left : room;
            if (used == REGIONS_MOST)
                return false;
            table[used].address = (uint32_t)address;
            table[used].bytes = (uint16_t)bytes;
            table[used].flags = 0;
            used++;
            address += bytes;
            left -= bytes;
        }
    }
    if (used == 0)
        return false;
    table[used - 1].flags = REGION_LAST;
    return true;
}
