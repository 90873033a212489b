// SPDX-License-Identifier: MIT
/*
 * The longest stretch with interrupts off, from an entry into the core until interrupts are let in again.
 *
 * Entries by trap and interrupt, and gate calls that end in the scheduler from there on, are timed in every
 * kernel. Gate calls that go straight back are not: two readings of the clock would cost as much as the rest of
 * the crossing. A kernel built with -DTEST_STRETCH times them too, from the first instruction of the handler,
 * and says in its log what the longest stretch so far was (tests/guest/interrupts_off.py).
 */
#ifndef KERNEL_CPU_STRETCH_H
#define KERNEL_CPU_STRETCH_H

#include <stdint.h>

struct cpu;

/* `what`: a vector, or the address of a gate's handler. */
void stretch_begin(struct cpu *cpu, uint32_t what);
void stretch_end(struct cpu *cpu);
/* On the way up: nobody waits for an interrupt yet, however long this takes. */
void stretch_does_not_count(struct cpu *cpu);

#if TEST_STRETCH
static inline void stretch_goes_on(struct cpu *cpu) {
    (void)cpu;
}
#else
/* The scheduler takes over from a gate's handler: here the time begins if the handler was not timed. */
static inline void stretch_goes_on(struct cpu *cpu) {
    stretch_begin(cpu, 0);
}
#endif

#endif
