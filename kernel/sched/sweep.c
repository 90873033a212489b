// SPDX-License-Identifier: MIT
/*
 * The sweep: see sweep.h. Two places are watched: the start of the manager's image and the entry text.
 */
#include "kernel/sched/sweep.h"

#if TEST_PREEMPT || TEST_NMI

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/timer.h"
#include "kernel/domain/tenant.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/sched/scheduler.h"

#include <stdbool.h>
#include <stddef.h>

#define WATCHED_BYTES 0x80000u
#define SWEPT_TENANT  1u
#define NMI_PAUSE     1000u /* ticks from one to the next, and up to as many more */
#define LONGEST_AHEAD 400u /* ticks of the TSC; under -icount and on Bochs these are instructions */

struct watched {
    uint32_t start, bytes;
    uint8_t hit[WATCHED_BYTES / 8];
};

static struct watched places[] = {
    {.start = MANAGER_BASE, .bytes = WATCHED_BYTES},
    {.start = ENTRY_TEXT, .bytes = ENTRY_TEXT_PAGES * PAGE_SIZE},
};

static void note(uint32_t address) {
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        uint32_t offset = address - places[i].start;
        if (offset < places[i].bytes)
            places[i].hit[offset / 8] |= (uint8_t)(1u << offset % 8);
    }
}

/* Steps in order would meet a loop of the program's at the same instructions again and again. */
static uint32_t next_chance(void) {
    static uint32_t chance = 1;

    chance = chance * 1664525u + 1013904223u;
    return chance >> 16;
}

#if TEST_NMI

void sweep_storm(void) {
    for (;;) {
        uint64_t end = read_tsc() + NMI_PAUSE + next_chance() % NMI_PAUSE;
        while (read_tsc() < end)
            continue;
        apic_send_nmi(cpus[0]->apic_id);
    }
}

void sweep_nmi(uint32_t address) {
    note(address);
}

#endif

#if TEST_PREEMPT

void sweep_arm(const struct thread *thread) {
    if (thread->tenant == NULL || thread->tenant->number != SWEPT_TENANT)
        return;
    timer_ring_in((uint32_t)clock_nanoseconds(next_chance() % LONGEST_AHEAD + 1));
}

void sweep_hit(uint32_t address) {
    note(address);
    if (this_cpu()->current)
        scheduler_request(); /* also where nobody else is ready: the whole way out and in */
}

#endif

void sweep_report(void) {
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        for (uint32_t offset = 0; offset < places[i].bytes; offset++) {
            uint32_t address = places[i].start + offset;
            if (places[i].hit[offset / 8] >> offset % 8 & 1)
                debug_frame('M', &address, sizeof address);
        }
}

#endif
