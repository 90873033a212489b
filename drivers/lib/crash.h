// SPDX-License-Identifier: MIT
/*
 * Faults on demand, for `rfctl crash`: each is really executed here, in ring 1, with requests in
 * flight if there are any. What contains it is the core and the hardware, nothing in this file.
 */
#ifndef DRIVERS_LIB_CRASH_H
#define DRIVERS_LIB_CRASH_H

#include "kernel/abi/control.h"

/* Returns only if nothing stopped the fault, after a line in the log that says so. */
void crash(enum crash_kind kind);

/* A driver that tests the core may define this: it gets the kinds from CRASH_OWN on, counted from 0. */
__attribute__((weak)) void driver_own_fault(uint32_t number);

#endif
