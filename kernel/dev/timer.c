// SPDX-License-Identifier: MIT
/*
 * The alarm: the local APIC's one-shot timer, measured against the TSC; where a CPU has no local APIC, the
 * PIT's first channel, through line 0. The PIT can be set at most 54 ms ahead: then it simply rings early,
 * and the scheduler sets it again.
 */
#include "kernel/dev/timer.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/log/log.h"

#include <stdbool.h>

#define PIT_HZ       1193182u
#define PIT_CHANNEL0 0x40
#define PIT_COMMAND  0x43
#define PIT_LONGEST  50000000ull /* 50 ms */
#define SHORTEST     2000ull     /* 2 us: an alarm in the past still has to ring */
#define LONGEST      1000000000ull
#define MEASURE      1000000ull /* 1 ms */
#define GOOD_ENOUGH  (MEASURE / 200)
#define ATTEMPTS     20

static bool has_apic;
static uint64_t ticks_per_nanosecond; /* of the APIC timer, << 32; the same for all CPUs */

/* Ticks per nanosecond << 32. `slack`: by how many nanoseconds that may be off, since a hypervisor may
 * run something else between reading one clock and the other. */
static uint64_t measure(uint64_t *slack) {
    uint64_t before = clock_now(), start, end;
    uint32_t counted;

    apic_timer_start(UINT32_MAX);
    start = clock_now();
    do {
        end = clock_now();
    } while (end - start < MEASURE);
    counted = UINT32_MAX - apic_timer_left();
    *slack = (start - before) + (clock_now() - end);
    return ((uint64_t)counted << 32) / (uint32_t)(end - start);
}

static void calibrate(void) {
    uint64_t least = UINT64_MAX;

    for (uint32_t i = 0; i < ATTEMPTS && least > GOOD_ENOUGH; i++) {
        uint64_t slack, ticks = measure(&slack);

        if (slack < least) {
            least = slack;
            ticks_per_nanosecond = ticks;
        }
    }
    log_line("timer: local APIC at %u kHz", (uint32_t)(ticks_per_nanosecond * 1000000 >> 32));
}

void timer_initialise(void) {
    has_apic = apic_is_there();
    if (!has_apic) {
        interrupt_open_timer_line();
        log_line("timer: PIT");
        return;
    }
    apic_initialise_first();
    calibrate();
    apic_timer_start(0);
    apic_timer_open();
}

void timer_initialise_other(void) {
    apic_initialise_other();
    apic_timer_open();
}

static void pit_set(uint64_t ahead) {
    uint32_t count =
        (uint32_t)((ahead > PIT_LONGEST ? PIT_LONGEST : ahead) * PIT_HZ / 1000000000u) + 1;

    out8(PIT_COMMAND, 0x30); /* channel 0, low then high byte, mode 0: one shot */
    out8(PIT_CHANNEL0, (uint8_t)count);
    out8(PIT_CHANNEL0, (uint8_t)(count >> 8));
}

/* An alarm that rings before `when` does too: setting the APIC costs more than a needless ring. */
void timer_set(uint64_t when, uint64_t now) {
    struct cpu *cpu = this_cpu();
    uint64_t ahead;

    if (cpu->alarm > now && cpu->alarm <= when)
        return;
    ahead = when > now + SHORTEST ? when - now : SHORTEST;
    if (ahead > LONGEST)
        ahead = LONGEST;
    cpu->alarm = now + ahead;
    if (has_apic)
        apic_timer_start((uint32_t)(ahead * ticks_per_nanosecond >> 32) + 1);
    else
        pit_set(ahead);
}

void timer_ring_in(uint32_t nanoseconds) {
    this_cpu()->alarm = 0;
    apic_timer_start((uint32_t)(nanoseconds * ticks_per_nanosecond >> 32) + 1);
}

/* It may ring before `alarm`: two clocks never agree, and the PIT cannot wait that long. */
void timer_has_rung(void) {
    this_cpu()->alarm = 0;
    if (has_apic)
        apic_end_interrupt();
}
