// SPDX-License-Identifier: MIT
/*
 * The event loop: the only place that waits. A driver is a set of functions that the loop calls,
 * each short; a device that needs time gets a deadline and a state, never a spin.
 *
 *   wait ──> crash? ──> interrupt? ──> deadline passed? ──> requests, while the device has room ──> settle ──┐
 *    └───────────────────────────────────────────────────────────────────────────────────────────────────┘
 *
 * A driver talks to the loop through its class: drivers/lib/block.h, drivers/lib/console.h.
 */
#ifndef DRIVERS_LIB_LOOP_H
#define DRIVERS_LIB_LOOP_H

#include "kernel/abi/driver.h"
#include "kernel/abi/status.h"

#include <stdint.h>

#define INTERRUPT_PCI                                                                              \
    0x80000000u /* the PCI function's own line, among manifest IRQs from bit 0                     \
                 */

struct loop_functions {
    void (*start)(void);               /* once, first: begin to reset the device */
    void (*interrupt)(uint32_t lines); /* lines: driver_information.interrupts */
    void (*timer)(void);               /* the deadline has passed; there is none now */
    void (*request)(const struct driver_request *request); /* valid only during the call */
};

_Noreturn void loop_run(const struct loop_functions *functions);

/* The time, in nanoseconds since boot, at which timer() is to be called; replaces the one before.
 * DEADLINE_NEVER: not at all. */
void loop_set_deadline(uint64_t nanoseconds);

/* `settle` is called before each wait, and ends what the device has done by now: so one that is quick need not interrupt.
 * Once, however much comes meanwhile: a driver that is always at work has to come back to its wait all the same. */
void loop_settle_by(void (*settle)(void));

/* Tells the core that the device works. Requests come from now on, at most description->depth at
 * once. */
void loop_ready(const struct device_description *description);

/* Ends a request. The id is free for the next request at once. */
void loop_complete(uint32_t id, enum status status, uint32_t bytes);

/* A bit per id that is in flight. */
uint32_t loop_in_flight(void);

/* The driver's own: start.S calls it, it calls its class's run function. */
void driver_main(void);

#endif
