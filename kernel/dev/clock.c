// SPDX-License-Identifier: MIT
/*
 * The TSC, measured once against the PIT's second channel; wall time from the CMOS clock. Nanoseconds are
 * ticks * multiplier >> 32, with the product cut in two so that nothing overflows for centuries.
 */
#include "kernel/dev/clock.h"

#include "kernel/cpu/registers.h"
#include "kernel/log/log.h"

#include <stdbool.h>

#define PIT_HZ        1193182u
#define PIT_CHANNEL2  0x42
#define PIT_COMMAND   0x43
#define PIT_GATE      0x61 /* bit 0: channel 2 counts, bit 1: speaker, bit 5: its output */
#define MEASURE_COUNT (PIT_HZ / 500) /* 2 ms: short, so that a busy host seldom gets in between */
#define GOOD_ENOUGH   200            /* a half percent */
#define ATTEMPTS      20
#define CMOS_INDEX    0x70
#define CMOS_DATA     0x71
#define NANOSECONDS   1000000000ull

static uint64_t tsc_at_boot, multiplier, wall_at_boot;

/* 64 by 32 bits, without libgcc: two 64/32 steps of the CPU's own divide. */
static uint64_t divide(uint64_t dividend, uint32_t divisor) {
    uint32_t high = (uint32_t)(dividend >> 32), low = (uint32_t)dividend,
             high_quotient = high / divisor;
    uint32_t remainder = high % divisor, low_quotient;

    __asm__("divl %3" : "=a"(low_quotient), "+d"(remainder) : "a"(low), "rm"(divisor));
    return (uint64_t)high_quotient << 32 | low_quotient;
}

/* TSC ticks of 2 ms by the PIT. `slack`: by how many that may be off, since a hypervisor may run
 * something else between reading one clock and the other. */
static uint32_t measure(uint32_t *slack) {
    uint64_t before, start, low, end;

    out8(PIT_GATE, (uint8_t)((in8(PIT_GATE) & ~2u) | 1u));
    out8(PIT_COMMAND, 0xB0); /* channel 2, low then high byte, mode 0: output rises at zero */
    out8(PIT_CHANNEL2, MEASURE_COUNT & 0xFF);
    before = read_tsc();
    out8(PIT_CHANNEL2, MEASURE_COUNT >> 8);
    start = end = read_tsc();
    do {
        low = end;
        end = read_tsc();
    } while (!(in8(PIT_GATE) & 0x20));
    end = read_tsc();
    *slack = (uint32_t)(start - before + end - low);
    return (uint32_t)(end - start);
}

static uint32_t calibrate(void) {
    uint32_t least = UINT32_MAX, best = 0;

    for (int i = 0; i < ATTEMPTS && least > best / GOOD_ENOUGH; i++) {
        uint32_t slack, ticks = measure(&slack);

        if (slack < least) {
            least = slack;
            best = ticks;
        }
    }
    return best;
}

/* No more than 32 bits of it may be set, so that ring 3's clock makes do with a word of it and a shift, and still
 * rounds as everybody else. */
static uint64_t of_one_word(uint64_t value) {
    int shift = 0;

    while (value >> shift > UINT32_MAX)
        shift++;
    return value >> shift << shift;
}

static uint32_t cmos(uint8_t index) {
    out8(CMOS_INDEX, index);
    return in8(CMOS_DATA);
}

static uint32_t from_bcd(uint32_t value, bool binary) {
    return binary ? value : (value >> 4) * 10 + (value & 15);
}

/* Days since 1970-01-01 of a date in the Gregorian calendar. */
static uint32_t days_since_1970(uint32_t year, uint32_t month, uint32_t day) {
    uint32_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static uint64_t read_wall_clock(void) {
    bool binary = cmos(0x0B) & 4;
    uint32_t second, minute, hour, day, month, year;

    do { /* not while the chip updates itself, and the same second twice */
        while (cmos(0x0A) & 0x80)
            continue;
        second = cmos(0);
        minute = cmos(2);
        hour = cmos(4);
        day = cmos(7);
        month = cmos(8);
        year = cmos(9);
    } while (second != cmos(0));
    return (uint64_t)days_since_1970(2000 + from_bcd(year, binary), from_bcd(month, binary),
                                     from_bcd(day, binary)) *
               86400 +
           from_bcd(hour & 0x7F, binary) * 3600 + from_bcd(minute, binary) * 60 +
           from_bcd(second, binary);
}

void clock_initialise(void) {
    uint32_t ticks = calibrate();

    multiplier = of_one_word(divide((NANOSECONDS / 500) << 32, ticks));
    tsc_at_boot = read_tsc();
    wall_at_boot = read_wall_clock();
    log_line("clock: TSC at %u kHz", ticks / 2);
}

/* Of a TSC of 1 GHz or more the multiplier has no upper half, and a third of the work is none. */
uint64_t clock_nanoseconds(uint64_t ticks) {
    uint32_t fraction = (uint32_t)multiplier, whole = (uint32_t)(multiplier >> 32);
    uint32_t low = (uint32_t)ticks, high = (uint32_t)(ticks >> 32);
    uint64_t nanoseconds = ((uint64_t)low * fraction >> 32) + (uint64_t)high * fraction;

    return whole == 0 ? nanoseconds : nanoseconds + ticks * whole;
}

uint64_t clock_ticks(void) {
    return read_tsc();
}
uint64_t clock_at(uint64_t ticks) {
    return clock_nanoseconds(ticks - tsc_at_boot);
}
uint64_t clock_now(void) {
    return clock_at(read_tsc());
}
uint64_t clock_tsc_at_boot(void) {
    return tsc_at_boot;
}
uint64_t clock_tsc_multiplier(void) {
    return multiplier;
}
uint64_t clock_wall_at_boot(void) {
    return wall_at_boot;
}
