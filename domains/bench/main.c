// SPDX-License-Identifier: MIT
/*
 * A manager that measures the core from ring 2, says one line for each figure, and ends.
 *
 * Under QEMU's -icount the TSC counts instructions, so a figure is exact and the same in every run; the loop
 * around a call is measured too and subtracted.
 */
#include "domains/bench/bench.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/lock.h"
#include "domains/lib/log.h"
#include "domains/lib/thread.h"

#include <stddef.h>

#define ROUNDS 20000u

_Noreturn void manager_start(uint32_t argument);

typedef void operation(void);

void gate_loop(uint32_t rounds), empty_loop(uint32_t rounds);

static void nothing(void) {}

static void wake_nobody(void) {
    static const uint32_t word;
    core_thread_wake(&word, 1);
}

/* Ticks of ROUNDS calls; the pointer keeps the compiler from looking into them. */
static uint32_t measure(operation *volatile call) {
    uint32_t start = counter();
    for (uint32_t round = 0; round < ROUNDS; round++)
        call();
    return counter() - start;
}

void say(const char *name, uint32_t ticks, uint32_t rounds) {
    uint32_t tenths = ticks / (rounds / 10);
    log_line("bench %s %u.%u", name, tenths / 10, tenths % 10);
}

static void report(const char *name, operation *call) {
    uint32_t loop = measure(nothing);
    say(name, measure(call) - loop, ROUNDS);
}

static void report_gate(void) {
    uint32_t start = counter(), middle, end;
    empty_loop(ROUNDS);
    middle = counter();
    gate_loop(ROUNDS);
    end = counter();
    say("gate-null", (end - middle) - (middle - start), ROUNDS);
}

/* The other side of the context switch: it yields for ever, and so does the measuring thread. */
static void yield_for_ever(void *unused) {
    (void)unused;
    for (;;)
        core_thread_yield();
}

static void bind_and_unbind(void) {
    uint32_t frame = information()->first_frame + 100;
    frame_bind(frame, 1);
    frame_unbind(frame, 1);
}

static void measure_gates(void) {
    report_gate();
    report("gate-wake", wake_nobody);
    report("frame-bind-unbind", bind_and_unbind);
    report("yield-alone", core_thread_yield);
    manager_lock();
    struct thread_control *other = thread_stack_make();
    if (other == NULL || !thread_begin_function(other, yield_for_ever, NULL))
        panic("no second thread");
    manager_unlock();
    report("yield-pair", core_thread_yield);
}

/* A tenant named disk-N reads N times from its disk; any other measures gates. */
static uint32_t wanted_reads(void) {
    const volatile char *name = information()->name;
    uint32_t reads = 0;
    if (name[0] != 'd' || name[4] != '-')
        return 0;
    for (uint32_t i = 5; name[i] >= '0' && name[i] <= '9'; i++)
        reads = reads * 10 + (uint32_t)(name[i] - '0');
    return reads;
}

void manager_start(uint32_t argument) {
    (void)argument;
    frames_start();
    if (wanted_reads() != 0)
        measure_disk(wanted_reads());
    else
        measure_gates();
    manager_exit(MANAGER_HALT, "measured", 8);
}
