// SPDX-License-Identifier: MIT
/*
 * One CPU at a time, each watched by the first:
 *
 *   first CPU                                 the other one
 *   INIT, startup interrupt   ──────────────> trampoline, secondary_main(): its tables, its features
 *                             <── ARRIVED ──
 *   compares the two clocks   <─────────────> answers with its own
 *                             ── PROVE ────>  the fence's probe
 *                             <── PROVED ───
 *   takes it in, or not       ── JOIN ─────>  waits for the core lock, then schedules like any CPU
 *
 * The first CPU has the core lock all the time, so until JOIN the other one takes none and touches nothing but its
 * own pages and `meeting`. It is told to halt, or never told anything, if it is not taken in.
 */
#include "kernel/cpu/secondary.h"

#include "boot/trampoline.h"
#include "kernel/command_line.h"
#include "kernel/cpu/core_lock.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/trap.h"
#include "kernel/dev/apic.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/processor_list.h"
#include "kernel/dev/timer.h"
#include "kernel/fence/fence.h"
#include "kernel/fence/probe.h"
#include "kernel/fence/view.h"
#include "kernel/log/log.h"
#include "kernel/mem/window.h"
#include "kernel/sched/scheduler.h"
#include "kernel/sched/sweep.h"

#include <string.h>

#define MILLISECOND    1000000ull
#define INIT_PAUSE     (10 * MILLISECOND) /* SDM 3A 9.4.4.1 */
#define STARTUP_PAUSE  200000ull
#define PATIENCE       (2000 * MILLISECOND) /* an emulator's CPU may have to wait for its host */
#define CLOCK_ROUNDS   64u
#define LOW_MEMORY_END 0x100000u

extern const char trampoline_start[], trampoline_end[];

uint32_t secondary_stack; /* for boot/secondary.S */
_Noreturn void secondary_main(void);

enum step { STEP_CALLED, STEP_ARRIVED, STEP_PROVE, STEP_PROVED, STEP_JOIN, STEP_HALT };

static struct {
    uint32_t cpu;
    uint32_t step; /* enum step */
    uint32_t asked_round, answered_round;
    uint64_t answer;     /* its TSC in that round */
    const char *missing; /* a feature; NULL: none */
    struct probe_result probe;
} meeting;

static uint32_t other_ids[CPU_MAX]; /* by CPU number; the first is not used */
static uint32_t others;

/* ---- Who is there ---- */

static bool read_firmware(uint64_t physical, void *to, uint32_t bytes) {
    uint8_t *target = to;

    while (bytes > 0) {
        uint32_t offset = (uint32_t)physical % PAGE_SIZE, rest = PAGE_SIZE - offset,
                 step = bytes < rest ? bytes : rest;
        const uint8_t *page;

        if (physical >> 32 != 0)
            return false;
        page = window_map(WINDOW_SOURCE, (frame_t)(physical >> PAGE_SHIFT));
        memcpy(target, page + offset, step);
        physical += step;
        target += step;
        bytes -= step;
    }
    return true;
}

static void list_processors(const struct boot_information *boot, struct processor_list *list) {
    if (!acpi_list_processors(read_firmware, boot->rsdp, list) &&
        !mp_table_list_processors(read_firmware, list))
        list->count = 0;
}

void secondary_prepare(const struct boot_information *boot) {
    uint32_t most = command_line_number(boot->command_line, "cpus", CPU_MAX);
    struct processor_list list;

    if (!apic_is_there())
        return;
    cpus[0]->apic_id = apic_id();
    list_processors(boot, &list);
    for (uint32_t i = 0; i < list.count && others + 1 < CPU_MAX && others + 1 < most; i++) {
        if (list.apic_ids[i] == cpus[0]->apic_id)
            continue;
        if (!view_make_pages(others + 1)) {
            log_line("no memory for CPU %u", others + 1);
            return;
        }
        other_ids[++others] = list.apic_ids[i];
    }
    if (list.count > others + 1)
        log_line("of %u CPUs %u are used", list.count, others + 1);
}

/* ---- The first CPU's side ---- */

static void wait(uint64_t nanoseconds) {
    uint64_t until = clock_now() + nanoseconds;

    while (clock_now() < until)
        __asm__ volatile("pause");
}

static bool step_comes(enum step step) {
    uint64_t until = clock_now() + PATIENCE;

    while (__atomic_load_n(&meeting.step, __ATOMIC_ACQUIRE) != step) {
        if (clock_now() > until)
            return false;
        __asm__ volatile("pause");
    }
    return true;
}

static void tell(enum step step) {
    __atomic_store_n(&meeting.step, (uint32_t)step, __ATOMIC_RELEASE);
}

static bool call(uint32_t cpu) {
    meeting.cpu = cpu;
    tell(STEP_CALLED);
    __atomic_store_n(&secondary_stack, view_first_stack(cpu), __ATOMIC_RELEASE);
    apic_send_init(other_ids[cpu]);
    wait(INIT_PAUSE);
    for (int attempt = 0; attempt < 2; attempt++) { /* the second is ignored by who has started */
        apic_send_startup(other_ids[cpu], TRAMPOLINE / PAGE_SIZE);
        wait(STARTUP_PAUSE);
    }
    if (step_comes(STEP_ARRIVED))
        return true;
    __atomic_store_n(&secondary_stack, 0, __ATOMIC_RELEASE);
    return false;
}

/* How far the other CPU's clock is outside of what this one's says before and after; 0: they agree. */
static uint64_t clock_difference(void) {
    uint64_t most = 0;

    for (uint32_t round = 1; round <= CLOCK_ROUNDS; round++) {
        uint64_t before = read_tsc(), after, outside;

        __atomic_store_n(&meeting.asked_round, round, __ATOMIC_RELEASE);
        while (__atomic_load_n(&meeting.answered_round, __ATOMIC_ACQUIRE) != round)
            __asm__ volatile("pause");
        after = read_tsc();
        outside = meeting.answer < before  ? before - meeting.answer
                  : meeting.answer > after ? meeting.answer - after
                                           : 0;
        most = outside > most ? outside : most;
    }
    meeting.asked_round = meeting.answered_round = 0;
    return most;
}

/* NULL: it can be used. */
static const char *examine(void) {
    if (meeting.missing)
        return meeting.missing;
    if (clock_difference() != 0)
        return "its time stamp counter differs from the first CPU's";
    tell(STEP_PROVE);
    if (!step_comes(STEP_PROVED))
        return "it does not answer any more";
    if (!fence_holds_with(&meeting.probe))
        return "it does not enforce segment limits";
    return NULL;
}

static bool take_in(uint32_t cpu) {
    const char *reason = call(cpu) ? examine() : "it does not answer";

    if (reason != NULL) {
        log_line("CPU %u (APIC %u) is not used: %s", cpu, other_ids[cpu], reason);
        tell(STEP_HALT);
        return false;
    }
    cpus[cpu]->apic_id = other_ids[cpu];
    cpus_running++;
    tell(STEP_JOIN);
    return true;
}

void secondary_start_all(void) {
    memcpy((void *)(CORE_BASE + TRAMPOLINE), trampoline_start,
           (size_t)(trampoline_end - trampoline_start));
    for (uint32_t cpu = 1; cpu <= others && take_in(cpu); cpu++)
        continue;
    if (others > 0)
        log_line("%u CPUs run", cpu_count());
}

/* ---- The other one's side ---- */

static _Noreturn void halt(void) {
    for (;;)
        __asm__ volatile("cli\n\thlt");
}

/* Answers clock_difference() until it is told something else. */
static enum step answer_rounds(void) {
    uint32_t round = 0, step;

    while ((step = __atomic_load_n(&meeting.step, __ATOMIC_ACQUIRE)) == STEP_ARRIVED) {
        uint32_t asked = __atomic_load_n(&meeting.asked_round, __ATOMIC_ACQUIRE);

        if (asked != round) {
            round = asked;
            meeting.answer = read_tsc();
            __atomic_store_n(&meeting.answered_round, round, __ATOMIC_RELEASE);
        }
        __asm__ volatile("pause");
    }
    return (enum step)step;
}

static _Noreturn void join(void) {
    core_lock_take();
    this_cpu()->accounted = clock_now();
    scheduler_run();
}

void secondary_main(void) {
    uint32_t step;

    view_initialise(meeting.cpu);
    meeting.missing = features_enable();
    view_select_fence();
    timer_initialise_other();
    sweep_storm();
    tell(STEP_ARRIVED);
    if (answer_rounds() == STEP_HALT)
        halt();
    probe_run(&meeting.probe);
    tell(STEP_PROVED);
    do {
        __asm__ volatile("pause");
        step = __atomic_load_n(&meeting.step, __ATOMIC_ACQUIRE);
    } while (step == STEP_PROVED);
    if (step == STEP_HALT)
        halt();
    run_on_core_stack(join);
}
