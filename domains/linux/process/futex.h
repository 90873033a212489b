// SPDX-License-Identifier: MIT
/*
 * Futexes: sleeping on a word of app memory.
 */
#ifndef DOMAINS_LINUX_PROCESS_FUTEX_H
#define DOMAINS_LINUX_PROCESS_FUTEX_H

#include <stdint.h>

struct thread;

/* Wakes at most `most` sleepers on a word of the current address space; returns how many. */
int32_t futex_wake(uint32_t address, uint32_t most);
/* At the end of a thread: its robust mutexes are marked as ownerless, and a sleeper on each wakes.
 * */
void robust_list_exit(struct thread *thread);

#endif
