// SPDX-License-Identifier: MIT
/*
 * The page's clock is the information page's, cut to one multiplier of 32 bits and a shift, and the wall
 * clock's offset, which a sequence number guards: odd while it is written.
 */
#include "domains/linux/memory/vdso.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"

#include <stddef.h>

#define FEATURE_SSE2 (1u << 26) /* of CPUID's leaf 1, EDX: there is LFENCE */

struct vdso_clock {
    uint64_t tsc_at_boot;
    uint64_t wall; /* what the wall clock is ahead of the time since boot */
    uint32_t multiplier, shift;
    uint32_t second; /* in nanoseconds, for a division that takes no constant */
    uint32_t sequence;
};

_Static_assert(offsetof(struct vdso_clock, tsc_at_boot) == VDSO_CLOCK_BOOT &&
                   offsetof(struct vdso_clock, wall) == VDSO_CLOCK_WALL &&
                   offsetof(struct vdso_clock, multiplier) == VDSO_CLOCK_MULTIPLIER &&
                   offsetof(struct vdso_clock, shift) == VDSO_CLOCK_SHIFT &&
                   offsetof(struct vdso_clock, second) == VDSO_CLOCK_SECOND &&
                   offsetof(struct vdso_clock, sequence) == VDSO_CLOCK_SEQUENCE,
               "userland/vdso/clock.S reads it");

extern const char vdso_image[], vdso_image_end[];

static uint32_t frame;

static volatile struct vdso_clock *vdso_clock(void) {
    return (volatile struct vdso_clock *)((char *)frame_pointer(frame) + VDSO_CLOCK);
}

void vdso_start(void) {
    uint64_t multiplier = information()->tsc_multiplier;
    frame = frame_allocate();
    if (frame == NO_FRAME)
        panic("no memory for the vdso");
    memcpy(frame_pointer(frame), vdso_image, (size_t)(vdso_image_end - vdso_image));
    volatile struct vdso_clock *clock = vdso_clock();
    clock->tsc_at_boot = information()->tsc_at_boot;
    while (multiplier >> clock->shift > UINT32_MAX)
        clock->shift++;
    clock->multiplier = (uint32_t)(multiplier >> clock->shift);
    clock->second = (uint32_t)NANOSECONDS;
    clock->wall = information()->wall_clock_at_boot * NANOSECONDS;
}

uint32_t vdso_frame(void) {
    return frame;
}

bool vdso_is_usable(uint32_t processor_features) {
    return processor_features & FEATURE_SSE2;
}

void vdso_set_wall(uint64_t offset) {
    volatile struct vdso_clock *clock = vdso_clock();
    clock->sequence++;
    clock->wall = offset;
    clock->sequence++;
}
