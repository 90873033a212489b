// SPDX-License-Identifier: MIT
/*
 * One word of data that is watched by the debug registers (SDM 3, 17.2), while one domain runs.
 *
 * It is watched in one domain only: all managers lie at the same addresses, and the core's own accesses, at CPL 0, must
 * not trap. So a CPU's registers are armed when the core is left into that domain and disarmed when it is left into
 * another. Drivers and managers reach them no more than any privileged register.
 */
#ifndef KERNEL_FAULT_WATCH_H
#define KERNEL_FAULT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum watch_hit {
    HIT_NOTHING, /* the #DB is somebody else's */
    HIT_READ,    /* told once, as the next one */
    HIT_WRITTEN,
    HIT_LATE /* another CPU was first, or it is not watched any more */
};

void watch_set(uint32_t address); /* linear, aligned */
void watch_clear(void);
void watch_arm(bool arm);        /* on this CPU, if one is set */
enum watch_hit watch_take(void); /* after a #DB on this CPU */

#endif
