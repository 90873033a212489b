// SPDX-License-Identifier: MIT
/*
 * Between ring 3 and the manager: where the assembly and the C side meet.
 */
#ifndef DOMAINS_LINUX_ENTRY_ENTRY_H
#define DOMAINS_LINUX_ENTRY_ENTRY_H

#include "domains/linux/entry/registers.h"

#include "kernel/abi/upcall.h"

/* Assembly passes its one argument in EAX. */
#define FROM_ASSEMBLY __attribute__((regparm(1)))

/* Called by the assembly: */
typedef int32_t system_call_handler(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
extern system_call_handler *const fast_calls[SYSCALL_COUNTERS]; /* without the lock */
extern uint32_t system_call_counts[SYSCALL_COUNTERS];
FROM_ASSEMBLY void system_call(struct registers *registers); /* all others */
FROM_ASSEMBLY void upcall_from_app(struct registers *registers);
FROM_ASSEMBLY void upcall_in_manager(struct upcall_frame *frame);
FROM_ASSEMBLY void return_with_work(struct registers *registers);
FROM_ASSEMBLY void selectors_repair(struct registers *registers);
FROM_ASSEMBLY _Noreturn void entered_from_inside(struct registers *registers);
struct thread;
FROM_ASSEMBLY void thread_started(struct thread *thread);

/* Assembly: the entry of a thread that begins in ring 2 and leaves to the app by the registers at
 * the top of its stack (thread_begin with depth REGISTERS_BYTES, argument struct thread). */
void thread_to_app(void);
/* The restart range: kernel/abi/upcall.h. */
extern char exit_range[], exit_range_end[];

/* System call counters, published to the core, and the restart range. Before the first app runs. */
void entry_register(void);

#endif
