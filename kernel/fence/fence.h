// SPDX-License-Identifier: MIT
/*
 * Which fence holds: chosen once at boot, from what the probe saw and what the command line asks for.
 */
#ifndef KERNEL_FENCE_FENCE_H
#define KERNEL_FENCE_FENCE_H

#include "kernel/abi/control.h"

#include <stdbool.h>

struct probe_result; /* kernel/fence/probe.h */

/* Probes, reads `fence=` from the command line, decides. Panics with the reason if `segment` is asked for
 * and the CPU does not enforce limits, or if the value is unknown. */
void fence_choose(const char *command_line);
/* Does another CPU, of which the probe said this, hold what has been chosen? */
bool fence_holds_with(const struct probe_result *probe);
bool fence_uses_segments(void);
bool fence_uses_paging(void);
void fence_fill_status(struct machine_status *status);

/* Pure: picks from the request ("auto", "segment", "paging", "both", or NULL) and the probe; 0 and a reason if
 * refused. */
uint32_t fence_decide(const char *request, bool limits_enforced, const char **reason);

#endif
