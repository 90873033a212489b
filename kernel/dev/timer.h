// SPDX-License-Identifier: MIT
/*
 * The alarm of the running CPU. Intel SDM 3A 11.5.4 (local APIC timer).
 */
#ifndef KERNEL_DEV_TIMER_H
#define KERNEL_DEV_TIMER_H

#include <stdint.h>

void timer_initialise(void);       /* after clock_initialise() and the frame allocator */
void timer_initialise_other(void); /* on every CPU but the first, which must have a local APIC */
void timer_set(uint64_t when,
               uint64_t now);             /* one shot, nanoseconds since boot. It may ring early */
void timer_ring_in(uint32_t nanoseconds); /* exactly, by the local APIC; for kernel/sched/sweep.h */
void timer_has_rung(void);                /* told by VECTOR_TIMER, or by the PIT's line */

#endif
