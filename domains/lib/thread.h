// SPDX-License-Identifier: MIT
/*
 * Threads of a manager and their ring-2 stacks.
 *
 *   slot   0x0000 ┌──────────────────┐
 *                 │ guard, unmapped  │
 *          0x2000 ├──────────────────┤  a multiple of THREAD_STACK_BYTES
 *                 │ stack, resident  │
 *          0x3ff0 ├──────────────────┤  <- stack_top: where the CPU starts to push
 *                 │ thread_control   │
 *          0x4000 └──────────────────┘
 *
 * So whoever runs on a ring-2 stack finds its control words by rounding ESP up. The first thread's
 * stack, made by the core, ends like that too.
 */
#ifndef DOMAINS_LIB_THREAD_H
#define DOMAINS_LIB_THREAD_H

#define THREAD_STACK_BYTES   0x2000 /* a thread may use no more of its stack than this */
#define THREAD_CONTROL_BYTES 16
#define CONTROL_PENDING      4 /* offset of thread_control.pending */

#ifndef __ASSEMBLER__

#include "kernel/abi/thread.h"

#include <stdbool.h>
#include <stdint.h>

struct thread_stack;

struct thread_control {
    void *self;                 /* the personality's thread; NULL: a thread of the manager alone */
    volatile uint32_t pending;  /* not 0: look at the pending work before returning to ring 3 */
    struct thread_stack *stack; /* NULL for the first thread, whose stack the core made */
    uint32_t handle;            /* the core's, of the thread that runs here */
};

_Static_assert(sizeof(struct thread_control) == THREAD_CONTROL_BYTES, "known to assembly");

static inline struct thread_control *thread_control(void) {
    uintptr_t stack;
    __asm__("movl %%esp, %0" : "=r"(stack));
    return (struct thread_control *)(((stack | (THREAD_STACK_BYTES - 1)) + 1) -
                                     THREAD_CONTROL_BYTES);
}

/* A ring-2 stack, mapped, its control words cleared; NULL: no memory. The lock is held. */
struct thread_control *thread_stack_make(void);
/* Gives back a stack on which no thread was started. The lock is held. */
void thread_stack_discard(struct thread_control *control);
/* Gives back the stacks that are kept for the next threads; how many frames those were. The lock is held. */
uint32_t thread_give_back(void);
/* Starts a core thread at `entry`, in ring 2, with EAX = argument and ESP `depth` bytes below
 * stack_top, where and before whom `placement` says. It inherits TLS and FPU state of the caller, not its app
 * space. false: no memory. The lock is held. */
bool thread_begin(struct thread_control *control, void (*entry)(void), void *argument,
                  uint32_t depth, struct thread_placement placement);
/* Starts a core thread that calls function(argument) in ring 2, without the lock, anywhere and by weight, and
 * ends when that returns. */
bool thread_begin_function(struct thread_control *control, void (*function)(void *),
                           void *argument);
/* Ends the calling thread; its stack can be used again at once. The lock is held, and released. */
_Noreturn void thread_end(void);

static inline uint32_t thread_stack_top(const struct thread_control *control) {
    return (uint32_t)(uintptr_t)control;
}

#endif
#endif
