// SPDX-License-Identifier: MIT
/*
 * The core's calls into a manager (kernel/abi/upcall.h says what the manager sees).
 */
#ifndef KERNEL_CPU_UPCALL_H
#define KERNEL_CPU_UPCALL_H

#include <stdbool.h>
#include <stdint.h>

struct thread;

/* Turns the thread's saved frame into an upcall: on a fresh ring-2 stack if it was at CPL 3, on the stack in use
 * at CPL 2. False, and the tenant is killed, if that stack cannot take the frame. */
bool upcall_fault(struct thread *thread, uint32_t vector, uint32_t address, uint32_t error);
/* Consumes a pending poke where it can be: upcall at CPL 3, rewind in the restart range. False: tenant killed. */
bool upcall_poke(struct thread *thread);

#endif
