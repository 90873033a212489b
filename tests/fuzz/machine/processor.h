// SPDX-License-Identifier: MIT
/*
 * The one processor of the modelled machine: time, ports, views, and who runs.
 *
 * The core leaves by resume_thread() or waits in wait_for_interrupt(). Both end the step here: what an
 * outer ring does next is the target's to say.
 *
 *   target ──enter──> core ──resume_thread──> outer ring (the target's next step)
 *                      └──wait_for_interrupt──> idle; time goes on to the alarm
 */
#ifndef TESTS_FUZZ_MACHINE_PROCESSOR_H
#define TESTS_FUZZ_MACHINE_PROCESSOR_H

#include "kernel/gate/gate.h"
#include "kernel/mem/frame.h"

#include <stdbool.h>
#include <stdint.h>

struct thread;
struct tenant;

struct processor {
    uint64_t now;                /* nanoseconds since boot, which are ticks */
    uint64_t alarm;              /* when the timer rings */
    uint32_t fault_address;      /* CR2 */
    const struct tenant *viewed; /* whose quarters are loaded; NULL: nobody's */
    frame_t view[3];             /* their page directories */
};

extern struct processor processor;

/* Each enters the core as that event does, and comes back when the core leaves or idles. */
void processor_call(gate_handler *handler, struct gate_frame *frame);
void processor_fault(uint32_t vector, uint32_t error, uint32_t address);
void processor_interrupt(uint32_t vector);
void processor_boot(void (*function)(void)); /* runs it, then the scheduler */

/* Who runs in an outer ring now; NULL: nobody, the processor idles. */
struct thread *processor_runs(void);

#endif
