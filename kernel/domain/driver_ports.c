// SPDX-License-Identifier: MIT
/*
 * The core's own ranges come first: whoever reaches one of them could take an interrupt, the clock
 * or a DMA engine away from the core, move a BAR, reset or power off the machine.
 */
#include "kernel/domain/driver_ports.h"

#include <stddef.h>

#define CLAIMS_MOST 96

struct owned_range {
    struct port_range range;
    const char *owner;
};

static const struct owned_range core_ranges[] = {
    {{0x0000, 0x20}, "the core (ISA DMA)"},
    {{0x0020, 0x02}, "the core (interrupt controller)"},
    {{0x0040, 0x04}, "the core (timer)"},
    {{0x0061, 0x01}, "the core (timer gate)"},
    {{0x0064, 0x01}, "the core (keyboard controller)"},
    {{0x0070, 0x02}, "the core (CMOS)"},
    {{0x0080, 0x10}, "the core (ISA DMA pages)"},
    {{0x0092, 0x01}, "the core (reset)"},
    {{0x00A0, 0x02}, "the core (interrupt controller)"},
    {{0x00B2, 0x02}, "the core (system management)"},
    {{0x00C0, 0x20}, "the core (ISA DMA)"},
    {{0x00E9, 0x01}, "the core (debug port)"},
    {{0x00F0, 0x10}, "the core (FPU, exit port)"},
    {{0x04D0, 0x02}, "the core (trigger modes)"},
    {{0x0510, 0x0C}, "the core (firmware configuration, which has DMA)"},
    {{0x0600, 0x80}, "the core (power management)"},
    {{0x0CF8, 0x08}, "the core (PCI configuration)"},
    {{0x5658, 0x04}, "the core (emulator)"},
    {{0x8900, 0x01}, "the core (emulator)"},
    {{0x8A00, 0x02}, "the core (emulator)"},
    {{0xB000, 0x40}, "the core (power management)"},
};

static struct owned_range claims[CLAIMS_MOST];

static bool overlaps(struct port_range range, uint32_t first, uint32_t count) {
    return first < (uint32_t)range.first + range.count && range.first < first + count;
}

const char *ports_owner(uint32_t first, uint32_t count) {
    for (uint32_t n = 0; n < sizeof core_ranges / sizeof *core_ranges; n++)
        if (overlaps(core_ranges[n].range, first, count))
            return core_ranges[n].owner;
    for (uint32_t n = 0; n < CLAIMS_MOST; n++)
        if (claims[n].owner != NULL && overlaps(claims[n].range, first, count))
            return claims[n].owner;
    return NULL;
}

bool ports_claim(struct port_range range, const char *owner) {
    for (uint32_t n = 0; n < CLAIMS_MOST; n++) {
        if (claims[n].owner != NULL)
            continue;
        claims[n] = (struct owned_range){range, owner};
        return true;
    }
    return false;
}

void ports_release(const char *owner) {
    for (uint32_t n = 0; n < CLAIMS_MOST; n++)
        if (claims[n].owner == owner)
            claims[n].owner = NULL;
}
