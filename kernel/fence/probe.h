// SPDX-License-Identifier: MIT
/*
 * Does this CPU enforce segment limits? Asked of the CPU itself, from CPL 1 and 2.
 */
#ifndef KERNEL_FENCE_PROBE_H
#define KERNEL_FENCE_PROBE_H

#include "kernel/cpu/trap_frame.h"

#include <stdbool.h>
#include <stdint.h>

struct probe_result {
    uint32_t checks; /* accesses past a limit that were tried */
    uint32_t missed; /* of these, the ones that landed */
};

/* Runs at boot, before any domain exists. Panics if an access inside a limit faults: then the probe itself is
 * broken, and nothing it says is worth anything. */
void probe_run(struct probe_result *result);

/* For the trap dispatcher: while a probe runs, every trap from an outer ring is its answer. */
bool probe_is_running(void);
_Noreturn void probe_answer(const struct trap_frame *frame);

#endif
