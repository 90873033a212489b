// SPDX-License-Identifier: MIT
/*
 * A fault finds no frame left: a process ends for it, the one that takes most of the memory, unless
 * /proc/N/oom_score_adj says otherwise. It need not be the one that faulted, which then waits.
 */
#ifndef DOMAINS_LINUX_PROCESS_MEMORY_SHORTAGE_H
#define DOMAINS_LINUX_PROCESS_MEMORY_SHORTAGE_H

#include "domains/linux/process/process.h"

#define SHORTAGE_ADJUSTMENT_MOST 1000 /* thousandths of all memory; as many below 0: never */

/* How much a process takes, in frames, with its adjustment; what is ended for another is the process with most. 0: it is never
 * ended for another. */
uint32_t shortage_score(const struct process *process);
/* The current process has found no frame for `address`: ends a process. true: it was another, and memory may be there by now; the
 * fault should be taken again. false: the current one ends. May sleep. */
bool shortage_end_one(uint32_t address);
extern uint32_t shortage_ends; /* processes that were ended, since the tenant started */
/* A process has given its memory back. */
void shortage_is_over(void);

#endif
