// SPDX-License-Identifier: MIT
/*
 * Entering and leaving the core.
 */
#ifndef KERNEL_CPU_TRAP_H
#define KERNEL_CPU_TRAP_H

#include "kernel/cpu/trap_frame.h"

#include <stdint.h>

struct thread;

/* From entry.S and gate.S. */
_Noreturn void trap_from_outer(struct trap_frame *frame);
void trap_nested(struct trap_frame *frame);
_Noreturn void gate_switch(struct gate_frame *frame, uint32_t status);
_Noreturn void run_on_core_stack(void (*function)(void));

/* Runs `thread` until something interrupts it. Its domain becomes the loaded one. */
_Noreturn void resume_thread(struct thread *thread);

/* Who is at fault, and what follows (kernel/cpu/fault.c). `frame` is the current thread's saved frame. */
void fault_from_outer(struct thread *thread);
/* It came from virtual-8086 mode, by whatever vector: none of its segments means what it says. */
void fault_in_virtual_mode(struct thread *thread);
/* The core's own way out faulted on the current thread's state: at the `iret` of a resume, or at the `retf` of
 * a gate call (then the saved frame is an old one). */
_Noreturn void fault_at_resume(void);
_Noreturn void fault_at_gate_return(void);
/* Words for an exception vector: "#GP general protection". */
const char *exception_name(uint32_t vector);

#endif
