// SPDX-License-Identifier: MIT
/*
 * The alarm: the local APIC's one-shot timer, measured against the TSC; where a CPU has no local APIC, the
 * PIT's first channel, through line 0. The PIT can be set at most 54 ms ahead: then it simply rings early,
 * and the scheduler sets it again.
 *
 * The 8259 pair stays in charge of device lines, so LINT0 keeps passing them on (virtual wire).
 */
#include "kernel/dev/timer.h"

#include "kernel/cpu/registers.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"

#include <stdbool.h>

#define CPUID1_EDX_APIC  (1u << 9)
#define APIC_ADDRESS     CORE_DEVICES
#define APIC_EOI         0x0B0
#define APIC_SPURIOUS    0x0F0
#define APIC_LINT0       0x350
#define APIC_LVT_TIMER   0x320
#define APIC_INITIAL     0x380
#define APIC_CURRENT     0x390
#define APIC_DIVIDE      0x3E0
#define APIC_ENABLE      0x100u
#define APIC_DIVIDE_BY_1 0xBu
#define APIC_EXTINT      0x700u
#define APIC_MASKED      0x10000u
#define PIT_HZ           1193182u
#define PIT_CHANNEL0     0x40
#define PIT_COMMAND      0x43
#define PIT_LONGEST      50000000ull /* 50 ms */
#define SHORTEST         2000ull     /* 2 us: an alarm in the past still has to ring */
#define LONGEST          1000000000ull
#define MEASURE          1000000ull /* 1 ms */
#define GOOD_ENOUGH      (MEASURE / 200)
#define ATTEMPTS         20

static bool has_apic;
static uint64_t armed;                /* when it should ring, by the TSC; 0: it has rung */
static uint64_t ticks_per_nanosecond; /* of the APIC timer, << 32 */

static volatile uint32_t *apic(uint32_t offset) {
    return (volatile uint32_t *)(APIC_ADDRESS + offset);
}

/* Ticks per nanosecond << 32. `slack`: by how many nanoseconds that may be off, since a hypervisor may
 * run something else between reading one clock and the other. */
static uint64_t measure(uint64_t *slack) {
    uint64_t before = clock_now(), start, end;
    uint32_t counted;

    *apic(APIC_INITIAL) = 0xFFFFFFFF;
    start = clock_now();
    do {
        end = clock_now();
    } while (end - start < MEASURE);
    counted = 0xFFFFFFFF - *apic(APIC_CURRENT);
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

static void apic_initialise(void) {
    frame_t frame = (frame_t)(read_msr(MSR_APIC_BASE) >> PAGE_SHIFT) & 0xFFFFFF;

    core_map(APIC_ADDRESS, frame, 1, PTE_WRITE | PTE_UNCACHED | PTE_NX);
    *apic(APIC_SPURIOUS) = APIC_ENABLE | VECTOR_SPURIOUS;
    *apic(APIC_LINT0) = APIC_EXTINT;
    *apic(APIC_DIVIDE) = APIC_DIVIDE_BY_1;
    *apic(APIC_LVT_TIMER) = APIC_MASKED | VECTOR_TIMER;
    calibrate();
    *apic(APIC_INITIAL) = 0;
    *apic(APIC_LVT_TIMER) = VECTOR_TIMER;
}

void timer_initialise(void) {
    has_apic = read_cpuid(1, 0).edx & CPUID1_EDX_APIC;
    if (has_apic) {
        apic_initialise();
        return;
    }
    interrupt_open_timer_line();
    log_line("timer: PIT");
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
    uint64_t ahead = when > now + SHORTEST ? when - now : SHORTEST;

    if (armed > now && armed <= when)
        return;
    if (ahead > LONGEST)
        ahead = LONGEST;
    armed = now + ahead;
    if (has_apic)
        *apic(APIC_INITIAL) = (uint32_t)(ahead * ticks_per_nanosecond >> 32) + 1;
    else
        pit_set(ahead);
}

void timer_ring_in(uint32_t nanoseconds) {
    armed = 0;
    *apic(APIC_INITIAL) = (uint32_t)(nanoseconds * ticks_per_nanosecond >> 32) + 1;
}

/* It may ring before `armed`: two clocks never agree, and the PIT cannot wait that long. */
void timer_has_rung(void) {
    armed = 0;
    if (has_apic)
        *apic(APIC_EOI) = 0;
}
