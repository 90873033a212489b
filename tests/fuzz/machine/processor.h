// SPDX-License-Identifier: MIT
/*
 * The processors of the modelled machine: time, ports, views, and who runs on each.
 *
 * One of them is selected and acts; the core lock makes every entry one step, so a list of steps of several
 * processors is all that can happen, but for what a processor does on its way to the lock: that is modelled by an
 * interrupt that comes later than the gate call that waited for the lock with it.
 *
 *   target ──enter──> core ──resume_thread──> outer ring (the target's next step)
 *                      └──wait_for_interrupt──> idle; time goes on to the alarm
 */
#ifndef TESTS_FUZZ_MACHINE_PROCESSOR_H
#define TESTS_FUZZ_MACHINE_PROCESSOR_H

#include "kernel/gate/gate.h"

#include <stdbool.h>
#include <stdint.h>

#define PROCESSORS 2u

struct thread;

struct processor {
    bool is_called;         /* another one has sent it an interrupt */
    uint32_t fault_address; /* CR2 */
    uint64_t pointers[4];   /* what the last `mov cr3` loaded */
};

extern struct processor processors[PROCESSORS];
extern uint64_t processor_time; /* nanoseconds since boot, which are ticks */
extern bool machine_is_off;     /* the core has turned it off */

/* Gives each processor its own memory at CPU_LOCAL; once, when all are initialised. */
void processors_start(void);
/* From here on it is this one that acts. */
void processor_select(uint32_t number);
/* Who runs on it in an outer ring now; NULL: nobody, it idles. */
struct thread *processor_runs(void);

/* Each enters the core as that event does, and comes back when the core leaves or idles. */
void processor_call(gate_handler *handler, struct gate_frame *frame);
void processor_fault(uint32_t vector, uint32_t error, uint32_t address);
void processor_interrupt(uint32_t vector);
void processor_boot(void (*function)(void)); /* runs it, then the scheduler */
/* Alarms that are due ring on their processors. */
void processors_pass_time(uint64_t nanoseconds);

#endif
