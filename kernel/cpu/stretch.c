// SPDX-License-Identifier: MIT
/*
 * See stretch.h.
 */
#include "kernel/cpu/stretch.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/log/log.h"

#define WORTH_A_LINE 5000u /* ticks; under -icount these are instructions */

void stretch_begin(struct cpu *cpu, uint32_t what) {
    cpu->entered_by = what;
    cpu->entered = read_tsc();
}

void stretch_does_not_count(struct cpu *cpu) {
    cpu->entered = 0;
}

void stretch_end(struct cpu *cpu) {
    uint64_t stretch = cpu->entered ? read_tsc() - cpu->entered : 0;

    if (stretch <= cpu->longest_off)
        return;
    cpu->longest_off = stretch;
#if TEST_STRETCH
    if (stretch > WORTH_A_LINE)
        log_line("interrupts were off for %u ticks, since entry by %x", (uint32_t)stretch,
                 cpu->entered_by);
#endif
}
